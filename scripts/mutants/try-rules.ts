/** Plants the defect of one rule after another in a copy, and runs the test that must notice it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from '../../test/rules/rule.ts';
import type { Outcome } from './outcome.ts';
import { plant } from './plant.ts';
import { type TestProgram, testNameOf } from './test-program.ts';

export interface Group {
  readonly program: TestProgram;
  readonly rules: readonly Rule[];
}

export interface Verdict {
  readonly rule: Rule;
  /** Why the defect does not count as caught. */
  readonly missed: string | undefined;
  readonly seconds: number;
}

/** Rules whose tests are in one program: what passes without a defect is found out once for all of them. */
export function groupRules(rules: readonly Rule[], programOf: (rule: Rule) => TestProgram): Group[] {
  const groups = new Map<string, { program: TestProgram; rules: Rule[] }>();
  for (const rule of rules) {
    const program = programOf(rule);
    const group = groups.get(program.key) ?? { program, rules: [] };
    group.rules.push(rule);
    groups.set(program.key, group);
  }
  return [...groups.values()];
}

export async function tryGroup(copy: string, { program, rules }: Group, say: (verdict: Verdict) => void): Promise<void> {
  const sound = await program.run(copy, [...new Set(rules.map(({ test }) => testNameOf(test)))]);
  for (const rule of rules) {
    const name = testNameOf(rule.test);
    const began = performance.now();
    const missed =
      sound.get(name) === 'passed'
        ? reasonOf(await tryRule(copy, rule, program, name), name)
        : `without the defect the test ${name} ${sound.get(name)}`;
    say({ rule, missed, seconds: (performance.now() - began) / 1000 });
  }
}

async function tryRule(copy: string, rule: Rule, program: TestProgram, name: string): Promise<Outcome | Error> {
  const read = (file: string): string => readFileSync(join(copy, file), 'utf8');
  const write = (files: ReadonlyMap<string, string>): void => {
    for (const [file, text] of files) writeFileSync(join(copy, file), text);
  };
  let planted: ReadonlyMap<string, string>;
  try {
    planted = plant(rule, read);
  } catch (thrown) {
    return thrown as Error;
  }
  const sound = new Map([...planted.keys()].map((file) => [file, read(file)]));
  write(planted);
  try {
    return (await program.run(copy, [name])).get(name) ?? 'did not run';
  } finally {
    write(sound);
  }
}

function reasonOf(outcome: Outcome | Error, name: string): string | undefined {
  if (outcome instanceof Error) return outcome.message;
  if (outcome === 'failed') return undefined;
  return outcome === 'passed' ? `survived ${name}` : `with the defect the test ${name} ${outcome}`;
}
