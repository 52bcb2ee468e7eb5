import { useEffect, useState } from 'preact/hooks';
import { controlWords } from '#browser/words/controls.ts';

const SAID_MS = 2_000;

/** Copies `text`; says so in words, for a moment. `what` completes "Copy …". */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [said, setSaid] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => setSaid(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid(controlWords.copied),
      () => setSaid(controlWords.copyRefused),
    );
  return (
    <>
      <button type="button" class="link" onClick={copy}>
        {controlWords.copy}
        <span class="unseen"> {what}</span>
      </button>
      <span class="small muted" role="status">
        {said}
      </span>
    </>
  );
}
