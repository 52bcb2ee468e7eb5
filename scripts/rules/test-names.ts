/** The full names of the tests of a vitest file, read without running it. */
import ts from 'typescript';

const BLOCKS = ['describe', 'it', 'test'];

/** A full name in pieces: undefined stands for what is known only when the file runs, as the row of a table. */
export type TestName = readonly (string | undefined)[];

export function testNamesOf(source: string): TestName[] {
  const names: TestName[] = [];
  const visit = (node: ts.Node, outer: TestName): void => {
    const block = ts.isCallExpression(node) ? blockOf(node) : undefined;
    const inner = block === undefined ? outer : [...outer, ...(outer.length > 0 ? [' '] : []), ...block.title];
    if (block !== undefined && block.word !== 'describe') names.push(inner);
    node.forEachChild((child) => visit(child, inner));
  };
  visit(ts.createSourceFile('file.test.ts', source, ts.ScriptTarget.Latest, true), []);
  return names;
}

/**
 * True when the full name can contain the part, whatever its unknown pieces turn out to be. A part that would lie in an unknown
 * piece as a whole does not count: every part would.
 */
export function canContain(name: TestName, part: string): boolean {
  const characters = name.flatMap((piece) => (piece === undefined ? [undefined] : [...piece]));
  const ends = (at: number, rest: string, isKnown: boolean): boolean => {
    if (rest === '') return isKnown;
    if (at >= characters.length) return false;
    const expected = characters[at];
    if (expected !== undefined) return rest.startsWith(expected) && ends(at + 1, rest.slice(expected.length), true);
    // An unknown piece takes any number of characters.
    return [...rest, ''].some((_, taken) => ends(at + 1, rest.slice(taken), isKnown));
  };
  return characters.some((_, at) => ends(at, part, false));
}

/** `it('title', …)`, `it.skip('title', …)` or `it.each(table)('title', …)`. */
function blockOf(call: ts.CallExpression): { word: string; title: TestName } | undefined {
  const [first, ...rest] = call.arguments;
  const word = rootWord(call.expression);
  // The table of `each` is an argument as well, but nothing follows it.
  if (first === undefined || rest.length === 0 || word === undefined) return undefined;
  return { word, title: titleOf(first) };
}

function rootWord(expression: ts.Expression): string | undefined {
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression)) return rootWord(expression.expression);
  if (ts.isTaggedTemplateExpression(expression)) return rootWord(expression.tag);
  return ts.isIdentifier(expression) && BLOCKS.includes(expression.text) ? expression.text : undefined;
}

function titleOf(title: ts.Expression): TestName {
  if (ts.isStringLiteralLike(title)) return withPlaceholders(title.text);
  if (!ts.isTemplateExpression(title)) return [undefined];
  return [title.head.text, ...title.templateSpans.flatMap(({ literal }) => [undefined, literal.text])];
}

/** `%s`, `$name` and their like are filled in from the table of `each`. */
const withPlaceholders = (text: string): TestName =>
  text.split(/(%[sdifjoO#$]|\$[A-Za-z#][\w.]*)/).map((piece, index) => (index % 2 === 1 ? undefined : piece));
