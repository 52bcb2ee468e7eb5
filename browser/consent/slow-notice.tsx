import { useEffect, useState } from 'preact/hooks';

const SLOW_MS = 8_000;

/** Says that something takes longer than usual, once it does. */
export function SlowNotice({ children }: { children: string }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return <div role="status">{slow && <p class="notice care small">{children}</p>}</div>;
}
