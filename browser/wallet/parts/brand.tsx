import { appWords } from '#browser/words/app.ts';
/** Three shares, one wallet. */
export const Brand = () => (
  <span class="brand">
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="10" r="6.5" />
      <circle cx="9.2" cy="20.5" r="6.5" />
      <circle cx="22.8" cy="20.5" r="6.5" />
    </svg>
    {appWords.brand}
  </span>
);
