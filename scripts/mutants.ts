/**
 * `npm run mutants`: plants the defect of every rule of `test/rules` in a copy of the project, one at a time, and requires that
 * the test named beside it notices. See {@link USAGE} for how to try some of them.
 */
import { join } from 'node:path';
import { AREAS } from '../test/rules/areas.ts';
import { readChanged } from './changed-files.ts';
import { copiesOf } from './mutants/copy-project.ts';
import { buildFolderOf, forgetEngine } from './mutants/run-cargo.ts';
import { readWish, selectRules, USAGE } from './mutants/select-rules.ts';
import { testProgramOf } from './mutants/test-program.ts';
import { type Group, groupRules, tryGroup, type Verdict } from './mutants/try-rules.ts';
import { providePrerequisites } from './prerequisites.ts';

const ROOT = join(import.meta.dirname, '..');

const verdicts: Verdict[] = [];

function say(verdict: Verdict): void {
  verdicts.push(verdict);
  const { rule, missed, seconds } = verdict;
  const reason = missed === undefined ? '' : ` — ${missed}`;
  const word = missed === undefined ? 'caught' : 'MISSED';
  process.stdout.write(`${word} ${`${seconds.toFixed(0)} s`.padStart(6)}  ${rule.name.padEnd(56)} ${rule.rule}${reason}\n`);
}

/** The engine's tests keep one core busy with compiling, the others the second: each kind has a copy, and they run side by side. */
async function tryAll(groups: readonly Group[]): Promise<void> {
  const copyOf = copiesOf(ROOT);
  const lane = async (kind: Group['program']['kind'], copy: string): Promise<void> => {
    for (const group of groups) if (group.program.kind === kind) await tryGroup(copy, group, say);
  };
  const [engine, rest] = [copyOf('engine'), copyOf('rest')];
  await Promise.all([lane('cargo', engine), lane('vitest', rest)]);
  forgetEngine(buildFolderOf(ROOT));
  // A browser or a whole system that waits for a busy machine would look like a defect that was noticed.
  await lane('alone', rest);
}

async function main(): Promise<void> {
  const { parts, changed } = readWish(process.argv.slice(2));
  const programOf = ({ test }: { test: Parameters<typeof testProgramOf>[1] }) => testProgramOf(ROOT, test);
  const rules = selectRules(
    AREAS.flatMap((area) => area.rules),
    parts,
    changed && readChanged(ROOT, changed.since),
    (rule) => programOf(rule).file,
  );
  if (rules.length === 0 && changed === undefined) throw new Error(`no rule has ${parts.join(' or ')} in its name\n${USAGE}`);
  if (rules.length > 0) {
    providePrerequisites();
    await tryAll(groupRules(rules, programOf));
  }
  const missed = verdicts.filter((verdict) => verdict.missed !== undefined);
  for (const { rule, missed: reason } of missed) process.stdout.write(`\nMISSED ${rule.name}: ${reason}`);
  process.stdout.write(`\n${verdicts.length - missed.length} passed, ${missed.length} failed\n`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

try {
  await main();
} catch (thrown) {
  process.stderr.write(`${(thrown as Error).message}\n`);
  process.exitCode = 2;
}
