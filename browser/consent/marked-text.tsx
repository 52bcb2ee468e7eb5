import { visiblePieces } from './visible-text.ts';

/** Text of strangers on one line or in a block: what cannot be seen is named. */
export const VisibleText = ({ text }: { text: string }) => (
  <bdi dir="ltr">
    {visiblePieces(text).map((piece, at) =>
      'plain' in piece ? (
        piece.plain
      ) : (
        <span key={`${at} ${piece.named}`} class="named-character">
          {piece.named}
        </span>
      ),
    )}
  </bdi>
);
