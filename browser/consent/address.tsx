import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { controlWords } from '#browser/words/controls.ts';
import { CopyButton } from './copy-button.tsx';
import { shorten } from './shorten.ts';
import { WholeAddress } from './whole-address.tsx';

/** An address, shortened in the middle, whole on demand. `what` completes "Show …" for those who cannot see it. */
export function Address({ text, what, children }: { text: string; what: string; children?: ComponentChildren }) {
  const [whole, setWhole] = useState(false);
  return (
    <div class="tight">
      <div class="row">
        <span class="small muted">{controlWords.address}</span>
        {whole ? <WholeAddress text={text} /> : <span class="mono">{shorten(text)}</span>}
      </div>
      <div class="row">
        <button type="button" class="link" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? controlWords.showLess : controlWords.showWhole}
          <span class="unseen"> {what}</span>
        </button>
        <CopyButton text={text} what={what} />
        {children}
      </div>
    </div>
  );
}
