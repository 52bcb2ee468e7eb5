import { CopyButton } from '#browser/consent/copy-button.tsx';
import { Digest } from '#browser/consent/digest.tsx';
import { Heading } from '#browser/consent/heading.tsx';
import { ServedBy } from '#browser/consent/served-by.tsx';
import { WholeAddress } from '#browser/consent/whole-address.tsx';
import { sayAccount } from '#browser/consent/words.ts';
import type { PreparedMessage, SignedMessage } from '#browser/worker/api.ts';
import { names } from '../accounts.ts';
import { show } from '../screen.ts';

export const SignedScreen = ({ message, signed }: { message: PreparedMessage; signed: SignedMessage }) => (
  <main>
    <div class="tight">
      <Heading>Signed</Heading>
      <p class="lead">Copy the signature to where it was asked for. It has gone nowhere by itself.</p>
    </div>
    <div class="card">
      <dl class="parts">
        <div>
          <dt>Signature</dt>
          <dd>
            <span class="mono signature">{signed.signature}</span>
            <div class="row">
              <CopyButton text={signed.signature} what="signature" />
            </div>
          </dd>
        </div>
        <div>
          <dt>
            Of {sayAccount(message.account)} on {names.value.networkName(message.content.chain)}
          </dt>
          <dd>
            <WholeAddress text={message.content.from} />
          </dd>
        </div>
        <Digest digest={message.digest} />
      </dl>
      <ServedBy served={signed} />
      <button type="button" class="button primary wide" onClick={() => show({ at: 'home' })}>
        Done
      </button>
    </div>
  </main>
);
