/** The page that tells the rules: what holds, where it stands in the code, which test breaks without it. */
import { type Area, changesOf, type NamedTest, type Rule } from '../../test/rules/rule.ts';

/** @param testFileOf the file of a named test, from the root of the repository */
export function writePage(areas: readonly Area[], testFileOf: (test: NamedTest) => string): string {
  const count = areas.reduce((sum, { rules }) => sum + rules.length, 0);
  return `# The rules that keep keys safe

What must hold, where it stands in the code, and which test breaks when it does not. \`npm run mutants\` proves the last column: it plants
${count} defects, one at a time, and each makes its test fail. Generated from [\`test/rules\`](test/rules) by \`npm run build:rules\`.

${areas.map(({ title, rules }) => `- [${title}](#${anchorOf(title)}) (${rules.length})`).join('\n')}
${areas.map((area) => writeArea(area, testFileOf)).join('')}`;
}

function writeArea({ title, about, rules }: Area, testFileOf: (test: NamedTest) => string): string {
  const bySentence = Map.groupBy(rules, ({ rule }) => rule);
  const lines = [...bySentence].map(([sentence, same]) => {
    const files = unique(same.flatMap((rule) => changesOf(rule).map(({ file }) => link(file))));
    return `| ${escapeCell(sentence)} | ${files.join(', ')} | ${writeTests(same, testFileOf)} |`;
  });
  return `\n## ${title}\n\n${about}\n\n| rule | stands in | breaks |\n|---|---|---|\n${lines.join('\n')}\n`;
}

const writeTests = (rules: readonly Rule[], testFileOf: (test: NamedTest) => string): string =>
  unique(
    rules.map(({ test }) => {
      const name = 'cargo' in test ? `\`${test.cargo}\`` : `“${escapeCell(test.name)}”`;
      return `${name} in ${link(testFileOf(test))}`;
    }),
  ).join(', ');

/** Many files are called `mod.rs` or `plugin.ts`: their folder says which. */
const link = (file: string): string => `[${file.split('/').slice(-2).join('/')}](${file})`;

const unique = (words: readonly string[]): string[] => [...new Set(words)];

const escapeCell = (text: string): string => text.replaceAll('|', '\\|');

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
