import { describe, expect, it } from 'vitest';
import type { Check } from './check.ts';
import { runLanes } from './run-lanes.ts';
import { readWish, selectChecks } from './select-checks.ts';

const check = (name: string, concerns: RegExp, over: Partial<Check> = {}): Check => ({
  name,
  concerns,
  run: async () => ({ passed: 1, failed: 0 }),
  ...over,
});
const page = check('page', /^browser/, { page: 'builds' });
const checks = [page, check('types', /[.]ts$/), check('rust', /[.]rs$/), check('e2e', /^party-nodes/, { page: 'needs' })];
const names = checks.map(({ name }) => name);
const selected = (wanted: readonly string[], changed?: readonly string[]) => selectChecks(checks, wanted, changed).map(({ name }) => name);

describe('npm test', () => {
  it('runs everything, what is named, or what a change can make fail', () => {
    expect(selected([])).toEqual(names);
    expect(selected(['rust'])).toEqual(['rust']);
    expect(selected([], ['README.md'])).toEqual([]);
    expect(selected([], ['wasm/crates/core/src/lib.rs'])).toEqual(['rust']);
  });

  it('has the page built for whoever needs it', () => {
    expect(selected(['e2e'])).toEqual(['page', 'e2e']);
    expect(selected([], ['party-nodes/main.ts'])).toEqual(['page', 'types', 'e2e']);
  });

  it('reads what is wanted, and refuses what there is not', () => {
    expect(readWish(['types', 'rust'], names)).toEqual({ names: ['types', 'rust'], changed: undefined });
    expect(readWish(['--changed'], names)).toEqual({ names: [], changed: { since: undefined } });
    expect(readWish(['rust', '--changed', 'v1'], names)).toEqual({ names: ['rust'], changed: { since: 'v1' } });
    expect(readWish(['--changed', 'rust'], names)).toEqual({ names: ['rust'], changed: { since: undefined } });
    expect(() => readWish(['nothing'], names)).toThrow('unknown: nothing');
    expect(() => readWish(['--chnaged'], names)).toThrow('unknown: --chnaged');
  });
});

describe('two lanes', () => {
  const silent = { changed: undefined, now: () => 0, onStart: () => undefined, onOutput: () => undefined, onEnd: () => undefined };

  it('run two checks at a time, and what needs the page after it was built', async () => {
    const said: string[] = [];
    const slow = (name: string, over: Partial<Check> = {}) =>
      check(name, /./, {
        ...over,
        run: async () => {
          said.push(`${name} begins`);
          await new Promise((resolve) => setTimeout(resolve, 5));
          said.push(`${name} ends`);
          return { passed: 2, failed: 0 };
        },
      });
    const ran = await runLanes([slow('page', { page: 'builds' }), slow('story', { page: 'needs' }), slow('other')], silent);
    expect(ran.map(({ name, passed }) => [name, passed])).toEqual([
      ['page', 2],
      ['story', 2],
      ['other', 2],
    ]);
    expect(said.indexOf('story begins')).toBeGreaterThan(said.indexOf('page ends'));
  });

  it('count a check that breaks as failed, and tell why', async () => {
    const broken = check('broken', /./, { run: () => Promise.reject(new Error('no such program')) });
    const [ran] = await runLanes([broken], silent);
    expect(ran).toMatchObject({ passed: 0, failed: 1, output: expect.stringContaining('no such program') });
  });
});
