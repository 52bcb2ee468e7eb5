import { useEffect, useRef } from 'preact/hooks';
import { approvingWords } from '#browser/words/review.ts';
import { SlowNotice } from './slow-notice.tsx';

/** An approval under way: what it waits for, in words. @param slow what is so when it takes long */
export function Approving({ said, slow }: { said: string; slow: string }) {
  const words = useRef<HTMLParagraphElement>(null);
  // The button that had the focus is gone.
  useEffect(() => words.current?.focus(), []);
  return (
    <div class="stack">
      <p role="status" ref={words} tabIndex={-1}>
        {said}
      </p>
      <progress aria-label={approvingWords.progress} />
      <SlowNotice>{slow}</SlowNotice>
    </div>
  );
}
