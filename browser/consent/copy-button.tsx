import { useEffect, useState } from 'preact/hooks';

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
      () => setSaid('Copied'),
      () => setSaid('Not allowed: select it and copy'),
    );
  return (
    <>
      <button type="button" class="link" onClick={copy}>
        Copy<span class="unseen"> {what}</span>
      </button>
      <span class="small muted" role="status">
        {said}
      </span>
    </>
  );
}
