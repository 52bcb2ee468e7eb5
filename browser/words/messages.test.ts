import { describe, expect, it } from 'vitest';
import { type ErrorCode, TrefoilError } from '#shared/errors.ts';
import { sayMessageProblem } from './messages.ts';

describe('sayMessageProblem', () => {
  const about = (code: ErrorCode, form: 'text' | 'typed-data', detail?: string) =>
    sayMessageProblem(new TrefoilError(code, { operation: 'test', detail }), form);

  it.each(['text', 'typed-data'] as const)('says beside a %s field what is wrong with it, with the detail', (form) => {
    for (const code of ['input/malformed', 'input/too-large', 'intent/unsupported'] as const) {
      expect(about(code, form, 'a reason')).toMatch(/^This .*\. A reason\./);
      expect(about(code, form)).toMatch(/\.$/);
    }
  });

  it('leaves what is not about the field to the whole form', () => {
    expect(about('service/offline', 'text')).toBeUndefined();
    expect(about('vault/locked', 'typed-data')).toBeUndefined();
  });
});
