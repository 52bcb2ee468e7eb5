import { bytesToHex } from '@noble/hashes/utils.js';
import type { DecodedMessage, DecodedTypedData } from '#shared/ports/chain.ts';
import { networkOf, sayAccount } from '../wallet/accounts.ts';
import type { PreparedMessage } from '../worker/api.ts';
import { CopyButton, WholeAddress } from './address.tsx';
import { VisibleText } from './marked-text.tsx';
import { TypedFields } from './typed-fields.tsx';
import { hidesSomething, textOf } from './visible-text.ts';

/** What is signed, whole and in full, and who signs it. */
export const MessageTerms = ({ message: { account, content, digest } }: { message: PreparedMessage }) => (
  <dl class="parts">
    {content.type === 'message' ? <Message content={content} /> : <TypedData content={content} />}
    <div>
      <dt>Signed by</dt>
      <dd class="tight">
        <span>
          {sayAccount(account)} on {networkOf(content.chain)}
        </span>
        <WholeAddress text={content.from} />
      </dd>
    </div>
    <Digest digest={digest} />
  </dl>
);

/** For comparing with another screen. It is never the only thing shown. */
export const Digest = ({ digest }: { digest: string }) => (
  <div>
    <dt>Digest, to compare with what another screen shows</dt>
    <dd>
      <WholeAddress text={digest} />
      <div class="row">
        <CopyButton text={digest} what="digest" />
      </div>
    </dd>
  </div>
);

/** Text with characters that cannot be seen is text all the same: it is shown with those named. Only what is no text at all is shown as bytes. */
function Message({ content: { text, bytes } }: { content: DecodedMessage }) {
  const words = text ?? textOf(bytes);
  return (
    <div>
      <dt>{words === undefined ? `You sign bytes that are no text (${bytes.length} of them)` : 'You sign this text'}</dt>
      <dd class="tight">
        <pre class="message-text">{words === undefined ? bytesToHex(bytes) : <VisibleText text={words} />}</pre>
        {words !== undefined && hidesSomething(words) && (
          <span class="small late">It has characters that cannot be seen. They are named where they stand.</span>
        )}
      </dd>
    </div>
  );
}

/** The domain first: it says who can make use of the signature. */
const TypedData = ({ content: { primaryType, domain, fields } }: { content: DecodedTypedData }) => (
  <>
    <div>
      <dt>For this application</dt>
      <dd class="tight">
        {domain.length === 0 ? <span class="late">It does not say which one.</span> : <TypedFields fields={domain} />}
        {!domain.some(({ name }) => name === 'chainId') && (
          <span class="small late">It names no network: the signature may count on others too.</span>
        )}
      </dd>
    </div>
    <div>
      <dt>
        You sign this{' '}
        <strong>
          <VisibleText text={primaryType} />
        </strong>
      </dt>
      <dd>
        <TypedFields fields={fields} />
      </dd>
    </div>
  </>
);
