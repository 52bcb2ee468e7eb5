/**
 * `npm test`: every check of the project, two at a time, and one closing line. `npm test -- NAME …` runs the named checks only,
 * `--changed [REVISION]` those that a change can make fail.
 */
import { readChanged } from './changed-files.ts';
import { providePrerequisites } from './prerequisites.ts';
import { endProcesses } from './run-process.ts';
import { CHECKS } from './test/checks.ts';
import { ROOT } from './test/run-checks.ts';
import { type Ran, runLanes } from './test/run-lanes.ts';
import { readWish, selectChecks } from './test/select-checks.ts';

const line = ({ name, passed, failed, seconds }: Ran): string =>
  `${failed === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(14)} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed  ${seconds.toFixed(0)} s`;

async function main(): Promise<void> {
  const names = CHECKS.map(({ name }) => name);
  const wish = readWish(process.argv.slice(2), names);
  const changed = wish.changed && [...readChanged(ROOT, wish.changed.since).files];
  const checks = selectChecks(CHECKS, wish.names, changed);
  providePrerequisites();
  // One check alone is watched as it runs; of two at a time each is told whole when it ends.
  const live = checks.length === 1;
  const ran = await runLanes(checks, {
    changed,
    now: () => performance.now(),
    onStart: ({ name }) => process.stdout.write(live ? `— ${name}\n` : `… ${name}\n`),
    onOutput: (_check, text) => live && process.stdout.write(text),
    onEnd: (each) => process.stdout.write(live ? '\n' : `\n— ${each.name}\n${each.output}${line(each)}\n`),
  });
  const sum = (key: 'passed' | 'failed'): number => ran.reduce((total, each) => total + each[key], 0);
  process.stdout.write(`\n${ran.map(line).join('\n')}\n\n${sum('passed')} passed, ${sum('failed')} failed\n`);
  process.exitCode = sum('failed') === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    endProcesses();
    process.exit(130);
  });
}

main().catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  endProcesses();
  process.exit(2);
});
