import { describe, expect, it } from 'vitest';
import { CATALOGUE, type ErrorCode, TrefoilError } from './errors.ts';

const codes = Object.keys(CATALOGUE) as ErrorCode[];

describe('the catalogue of errors', () => {
  it('counts as a refusal of the request only what a party says after reading it', () => {
    expect(codes.filter((code) => CATALOGUE[code].judged).sort()).toEqual([
      'chain/no-account',
      'intent/expired',
      'intent/expiry-too-far',
      'intent/not-authorised',
      'intent/repeated',
      'intent/unsupported',
    ]);
  });

  it('says of every code what went wrong and what to do, in sentences', () => {
    for (const code of codes) {
      const { title, fix } = CATALOGUE[code];
      expect({ code, title, fix }).toEqual({
        code,
        title: expect.stringMatching(/^[A-Z].*\.$/),
        fix: expect.stringMatching(/^[A-Z].*\.$/),
      });
    }
  });

  it('has each error again after it crossed a border', () => {
    for (const code of codes) {
      const error = new TrefoilError(code, { operation: 'here', detail: 'at most 3', culprits: [2], round: 4, blame: 'peer' });
      const again = TrefoilError.fromProblem(JSON.parse(JSON.stringify(error.toProblem('a request'))), 'there');
      expect(again.toProblem('a request')).toEqual(error.toProblem('a request'));
    }
    expect(TrefoilError.fromProblem({ code: 'toString' }, 'there').code).toBe('service/bug');
  });
});
