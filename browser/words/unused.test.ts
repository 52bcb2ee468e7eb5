/** No words stand here that nobody says. A key that is missing or misspelt does not compile; one that is unused would stay for ever. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const BROWSER = join(import.meta.dirname, '..');
const SOURCE_FILE = /^(?!dist\/).*(?<![.]test)[.]tsx?$/;

type Sources = Readonly<Record<string, string>>;

/** Every exported object of words with its keys, as `home.lead`; the entries of an object inside are keys as well. */
function keysOf(file: ts.SourceFile): string[] {
  const below = (path: string, { properties }: ts.ObjectLiteralExpression): string[] =>
    properties.flatMap((property) => {
      const key = property.name === undefined ? '' : `${path}.${property.name.getText().replace(/^'(.*)'$/, '$1')}`;
      const inside =
        ts.isPropertyAssignment(property) && ts.isObjectLiteralExpression(property.initializer) ? property.initializer : undefined;
      return inside === undefined ? [key] : below(key, inside);
    });
  return file.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement) || !statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      initializer !== undefined && ts.isObjectLiteralExpression(initializer) ? below(name.getText(), initializer) : [],
    );
  });
}

/** What a file reads of the rooms: `home.lead`; a key that is computed reads all that stands there (`home.states`). */
function readsOf(file: ts.SourceFile, rooms: ReadonlySet<string>): string[] {
  const reads: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isIdentifier(node) && rooms.has(node.text) && !ts.isVariableDeclaration(node.parent)) {
      let [path, at]: [string, ts.Node] = [node.text, node];
      while (ts.isPropertyAccessExpression(at.parent) && at.parent.expression === at) {
        path = `${path}.${at.parent.name.text}`;
        at = at.parent;
      }
      reads.push(path);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return reads;
}

/** The keys that nothing reads. */
function unusedKeys(sources: Sources): string[] {
  const files = Object.entries(sources).map(([name, text]) => ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true));
  const keys = files.filter(({ fileName }) => fileName.startsWith('words/')).flatMap(keysOf);
  const rooms = new Set(keys.map((key) => key.split('.')[0] ?? ''));
  const reads = new Set(files.flatMap((file) => readsOf(file, rooms)));
  /** Somebody reads the key, or all that it is a part of. */
  const isRead = (key: string): boolean => key.split('.').some((_, at, parts) => reads.has(parts.slice(0, at + 1).join('.')));
  return keys.filter((key) => !isRead(key));
}

describe('the catalogue', () => {
  const files = readdirSync(BROWSER, { recursive: true, encoding: 'utf8' }).filter((file) => SOURCE_FILE.test(file));
  const sources = Object.fromEntries(files.map((file) => [file, readFileSync(join(BROWSER, file), 'utf8')]));

  it('has no key that nothing says', () => {
    expect(Object.keys(sources).map((file) => basename(file))).toContain('welcome.ts');
    expect(unusedKeys(sources)).toEqual([]);
  });
});

describe('the check', () => {
  const words = "export const homeWords = { lead: 'a', count: (n: number) => `${n}`, states: { open: 'b', 'in-use': 'c' } };";
  const unusedWith = (page: string) => unusedKeys({ 'words/home.ts': words, 'wallet/home.tsx': page });

  it.each([
    [
      'all of them, where nothing is read',
      'say();',
      ['homeWords.lead', 'homeWords.count', 'homeWords.states.open', 'homeWords.states.in-use'],
    ],
    ['one', 'say(homeWords.lead, homeWords.count(1), homeWords.states.open);', ['homeWords.states.in-use']],
    ['none, where a key is computed', 'say(homeWords.lead, homeWords.count(1), homeWords.states[state]);', []],
    ['one that is only imported', "import { homeWords } from './home.ts';\nsay(homeWords.count, homeWords.states);", ['homeWords.lead']],
  ])('finds %s', (_, page, expected) => {
    expect(unusedWith(page)).toEqual(expected);
  });
});
