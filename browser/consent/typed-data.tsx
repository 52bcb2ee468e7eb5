import { messageTermsWords } from '#browser/words/messages.ts';
import type { DecodedTypedData } from '#shared/ports/chain.ts';
import { VisibleText } from './marked-text.tsx';
import { TypedFields } from './typed-fields.tsx';

/** What is signed of an application, field by field. The domain first: it says who can make use of the signature. */
export const TypedData = ({ content: { primaryType, domain, fields } }: { content: DecodedTypedData }) => (
  <>
    <div>
      <dt>{messageTermsWords.application}</dt>
      <dd class="tight">
        {domain.length === 0 ? <span class="late">{messageTermsWords.noApplication}</span> : <TypedFields fields={domain} />}
        {!domain.some(({ name }) => name === 'chainId') && <span class="small late">{messageTermsWords.noNetwork}</span>}
      </dd>
    </div>
    <div>
      <dt>
        {messageTermsWords.typedData(
          <strong>
            <VisibleText text={primaryType} />
          </strong>,
        )}
      </dt>
      <dd>
        <TypedFields fields={fields} />
      </dd>
    </div>
  </>
);
