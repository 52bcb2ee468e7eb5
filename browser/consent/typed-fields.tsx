import { messageTermsWords } from '#browser/words/messages.ts';
import type { TypedField } from '#shared/ports/chain.ts';
import { VisibleText } from './marked-text.tsx';

/** Fields of typed data with their types, as deep as they go. Names and values are words of strangers. */
export const TypedFields = ({ fields }: { fields: readonly TypedField[] }) => (
  <dl class="typed-fields">
    {fields.map(({ name, type, value }, at) => (
      <div key={`${at} ${name}`}>
        <dt>
          <VisibleText text={name} />{' '}
          <span class="type">
            <VisibleText text={type} />
          </span>
        </dt>
        <dd>{typeof value === 'string' ? <FieldValue text={value} /> : <Inside fields={value} />}</dd>
      </div>
    ))}
  </dl>
);

const FieldValue = ({ text }: { text: string }) =>
  text === '' ? (
    <span class="small muted">{messageTermsWords.emptyValue}</span>
  ) : (
    <span class="field-value">
      <VisibleText text={text} />
    </span>
  );

const Inside = ({ fields }: { fields: readonly TypedField[] }) =>
  fields.length === 0 ? <span class="small muted">{messageTermsWords.emptyFields}</span> : <TypedFields fields={fields} />;
