import { useEffect, useRef } from 'preact/hooks';
import { appWords } from '#browser/words/app.ts';

/**
 * The heading of a screen. It takes the focus when its screen appears, so that a screen reader says where the person is and the
 * keyboard goes on from there; a screen that asks for one thing gives the focus to that field instead.
 */
export function Heading({ children, focus = true }: { children: string; focus?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = appWords.title(children);
    if (focus) heading.current?.focus();
  }, [children, focus]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
