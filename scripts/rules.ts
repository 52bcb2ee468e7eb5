/**
 * Checks that every rule of `test/rules` still fits the code, and that `RULES.md` tells them. `npm run build:rules` (`--write`)
 * writes the page anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AREAS } from '../test/rules/areas.ts';
import { testProgramOf } from './mutants/test-program.ts';
import { findProblems } from './rules/check-rules.ts';
import { writePage } from './rules/write-page.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'RULES.md');

const problems = findProblems(
  ROOT,
  AREAS.flatMap(({ rules }) => rules),
);
if (problems.length === 0) {
  const page = writePage(AREAS, (test) => testProgramOf(ROOT, test).file);
  if (process.argv.includes('--write')) writeFileSync(PAGE, page);
  else if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== page) problems.push('RULES.md is stale: npm run build:rules');
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
