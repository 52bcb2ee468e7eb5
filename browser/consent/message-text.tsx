import { bytesToHex } from '@noble/hashes/utils.js';
import { messageTermsWords } from '#browser/words/messages.ts';
import type { DecodedMessage } from '#shared/ports/chain.ts';
import { VisibleText } from './marked-text.tsx';
import { hidesSomething, textOf } from './visible-text.ts';

/** Text with characters that cannot be seen is text all the same: it is shown with those named. Only what is no text at all is shown as bytes. */
export function MessageText({ content: { text, bytes } }: { content: DecodedMessage }) {
  const words = text ?? textOf(bytes);
  return (
    <div>
      <dt>{words === undefined ? messageTermsWords.bytes(bytes.length) : messageTermsWords.text}</dt>
      <dd class="tight">
        <pre class="message-text">{words === undefined ? bytesToHex(bytes) : <VisibleText text={words} />}</pre>
        {words !== undefined && hidesSomething(words) && <span class="small late">{messageTermsWords.hidden}</span>}
      </dd>
    </div>
  );
}
