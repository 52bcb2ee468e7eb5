import { messageTermsWords } from '#browser/words/messages.ts';
import { CopyButton } from './copy-button.tsx';
import { WholeAddress } from './whole-address.tsx';

/** For comparing with another screen. It is never the only thing shown. */
export const Digest = ({ digest }: { digest: string }) => (
  <div>
    <dt>{messageTermsWords.digest}</dt>
    <dd>
      <WholeAddress text={digest} />
      <div class="row">
        <CopyButton text={digest} what={messageTermsWords.copyDigest} />
      </div>
    </dd>
  </div>
);
