/** What is wrong with the tables of `test/rules`, without planting anything. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedTest, Rule } from '../../test/rules/rule.ts';
import { plant } from '../mutants/plant.ts';
import { cargoFilesOf } from './cargo-tests.ts';
import { canContain, type TestName, testNamesOf } from './test-names.ts';

interface Source {
  readonly text: string;
  readonly names: readonly TestName[];
}

/** One line for each rule that does not fit the code any more. */
export function findProblems(root: string, rules: readonly Rule[]): string[] {
  const tests = new Map<string, Source>();
  const testSource = (file: string): Source => {
    const known = tests.get(file) ?? readTests(join(root, file));
    tests.set(file, known);
    return known;
  };
  const read = (file: string): string => {
    if (!existsSync(join(root, file))) throw new Error('is not there');
    return readFileSync(join(root, file), 'utf8');
  };
  const names = rules.map(({ name }) => name);
  return rules.flatMap((rule, index) => {
    const problems = [plantingProblem(rule, read), testProblem(rule.test, root, testSource)];
    if (names.indexOf(rule.name) !== index) problems.push('another rule has this name');
    return problems.filter((problem) => problem !== undefined).map((problem) => `${rule.name}: ${problem}`);
  });
}

function plantingProblem(rule: Rule, read: (file: string) => string): string | undefined {
  try {
    plant(rule, read);
    return undefined;
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

function testProblem(test: NamedTest, root: string, sourceOf: (file: string) => Source): string | undefined {
  if ('cargo' in test) {
    const times = cargoFilesOf(root, test.cargo).length;
    return times === 1 ? undefined : `the engine has ${times} tests of the name ${test.cargo}`;
  }
  if (!existsSync(join(root, test.file))) return `${test.file} is not there`;
  const { text, names } = sourceOf(test.file);
  // A title from a table can be anything: its words must at least stand in the file.
  const hasWords = test.name.split(' ').every((word) => text.includes(word));
  return hasWords && names.some((name) => canContain(name, test.name)) ? undefined : `${test.file} has no test “${test.name}”`;
}

function readTests(file: string): Source {
  const text = readFileSync(file, 'utf8');
  return { text, names: testNamesOf(text) };
}
