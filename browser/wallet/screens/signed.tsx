import { CopyButton } from '#browser/consent/copy-button.tsx';
import { Digest } from '#browser/consent/digest.tsx';
import { Heading } from '#browser/consent/heading.tsx';
import { ServedBy } from '#browser/consent/served-by.tsx';
import { WholeAddress } from '#browser/consent/whole-address.tsx';
import { controlWords } from '#browser/words/controls.ts';
import { signedWords } from '#browser/words/messages.ts';
import type { PreparedMessage, SignedMessage } from '#browser/worker/api.ts';
import { names } from '../accounts.ts';
import { show } from '../screen.ts';

export const SignedScreen = ({ message, signed }: { message: PreparedMessage; signed: SignedMessage }) => (
  <main>
    <div class="tight">
      <Heading>{signedWords.heading}</Heading>
      <p class="lead">{signedWords.lead}</p>
    </div>
    <div class="card">
      <dl class="parts">
        <div>
          <dt>{signedWords.signature}</dt>
          <dd>
            <span class="mono signature">{signed.signature}</span>
            <div class="row">
              <CopyButton text={signed.signature} what={signedWords.copySignature} />
            </div>
          </dd>
        </div>
        <div>
          <dt>{signedWords.of(message.account, names.value.networkName(message.content.chain))}</dt>
          <dd>
            <WholeAddress text={message.content.from} />
          </dd>
        </div>
        <Digest digest={message.digest} />
      </dl>
      <ServedBy served={signed} />
      <button type="button" class="button primary wide" onClick={() => show({ at: 'home' })}>
        {controlWords.done}
      </button>
    </div>
  </main>
);
