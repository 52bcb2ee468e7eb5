import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const ENDS = 6;
const SAID_MS = 2_000;

/** Every address of a Bitcoin network, and of Ethereum, begins alike; the ends that distinguish come after that. */
const SHARED_PREFIX = /^(?:(?:bc|tb|bcrt)1[pq]|0x)/;

/** `7YkWm3…Qp9dXt`: enough to recognise, not enough to check. */
export function shorten(text: string): string {
  const head = (SHARED_PREFIX.exec(text)?.[0].length ?? 0) + ENDS;
  return text.length - head - ENDS < ENDS ? text : `${text.slice(0, head)}…${text.slice(-ENDS)}`;
}

const GROUP = /^0x|.{1,4}/g;

/** A whole address in groups of four, which people can compare one by one. The groups are for the eye: what is copied has no spaces. */
export const WholeAddress = ({ text }: { text: string }) => (
  <span class="whole-address">
    {(text.match(GROUP) ?? []).map((group, at) => (
      <span key={`${at} ${group}`}>{group}</span>
    ))}
  </span>
);

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

/** An address, shortened in the middle, whole on demand. `what` completes "Show …" for those who cannot see it. */
export function Address({ text, what, children }: { text: string; what: string; children?: ComponentChildren }) {
  const [whole, setWhole] = useState(false);
  return (
    <div class="tight">
      <div class="row">
        <span class="small muted">Address</span>
        {whole ? <WholeAddress text={text} /> : <span class="mono">{shorten(text)}</span>}
      </div>
      <div class="row">
        <button type="button" class="link" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : 'Show whole'}
          <span class="unseen"> {what}</span>
        </button>
        <CopyButton text={text} what={what} />
        {children}
      </div>
    </div>
  );
}
