import { messageTermsWords } from '#browser/words/messages.ts';
import type { PreparedMessage } from '../worker/api.ts';
import { Digest } from './digest.tsx';
import { MessageText } from './message-text.tsx';
import type { Names } from './names.ts';
import { TypedData } from './typed-data.tsx';
import { WholeAddress } from './whole-address.tsx';

/** What is signed, whole and in full, and who signs it. */
export const MessageTerms = ({ message: { account, content, digest }, names }: { message: PreparedMessage; names: Names }) => (
  <dl class="parts">
    {content.type === 'message' ? <MessageText content={content} /> : <TypedData content={content} />}
    <div>
      <dt>{messageTermsWords.signedBy}</dt>
      <dd class="tight">
        <span>{messageTermsWords.signer(account, names.networkName(content.chain))}</span>
        <WholeAddress text={content.from} />
      </dd>
    </div>
    <Digest digest={digest} />
  </dl>
);
