import type { DecodedTypedData } from '#shared/ports/chain.ts';
import { VisibleText } from './marked-text.tsx';
import { TypedFields } from './typed-fields.tsx';

/** What is signed of an application, field by field. The domain first: it says who can make use of the signature. */
export const TypedData = ({ content: { primaryType, domain, fields } }: { content: DecodedTypedData }) => (
  <>
    <div>
      <dt>For this application</dt>
      <dd class="tight">
        {domain.length === 0 ? <span class="late">It does not say which one.</span> : <TypedFields fields={domain} />}
        {!domain.some(({ name }) => name === 'chainId') && (
          <span class="small late">It names no network: the signature may count on others too.</span>
        )}
      </dd>
    </div>
    <div>
      <dt>
        You sign this{' '}
        <strong>
          <VisibleText text={primaryType} />
        </strong>
      </dt>
      <dd>
        <TypedFields fields={fields} />
      </dd>
    </div>
  </>
);
