import { CopyButton } from './copy-button.tsx';
import { WholeAddress } from './whole-address.tsx';

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
