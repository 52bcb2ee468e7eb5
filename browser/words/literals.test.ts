/**
 * A page says nothing that is not in this folder: no text between tags, no attribute that people read, no sentence in a string.
 * Not looked at: what the Worker, its link and a release say to engineers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const BROWSER = join(import.meta.dirname, '..');
const PAGE_FILE = /^(?!dist\/)(.*[.]tsx|(wallet|consent|frame)\/.*[.]ts)$/;
const TEST_FILE = /[.]test[.]tsx?$/;

/** Attributes that no person reads. One that is not here is taken for one that people read. */
const TECHNICAL = new Set([
  ...['aria-controls', 'aria-describedby', 'aria-hidden', 'aria-labelledby', 'autocapitalize', 'autocomplete', 'class', 'dir', 'for'],
  ...['form', 'href', 'id', 'inputMode', 'key', 'method', 'name', 'rel', 'role', 'sign', 'src', 'type', 'value', 'viewBox'],
]);
const HANDLER = /^on[A-Z]/;
const LETTER = /\p{L}/u;
/** A capital first, words with spaces between them, or the end of a sentence: more than a name that only machines read. */
const SENTENCE = /^\p{Lu}|\p{L}[,;:]?\s+\p{L}|\p{L}[.!?…]$/u;

/** The literals of a file that people would read, as `line: text`. */
function literalsOf(name: string, source: string): string[] {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const note = (node: ts.Node, text: string) => {
    found.push(`${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${text.trim().replace(/\s+/g, ' ')}`);
  };
  /** @param shown whether the value of this node appears on the page */
  const visit = (node: ts.Node, shown: boolean): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isJsxText(node)) {
      if (LETTER.test(node.text)) note(node, node.text);
      return;
    }
    if (ts.isJsxAttribute(node)) {
      const attribute = node.name.getText();
      if (!TECHNICAL.has(attribute) && node.initializer !== undefined) visit(node.initializer, !HANDLER.test(attribute));
      return;
    }
    const text = textOf(node);
    if (text !== undefined) {
      if ((shown ? LETTER : SENTENCE).test(text) && !isCompared(node)) note(node, text);
      if (ts.isTemplateExpression(node)) for (const { expression } of node.templateSpans) visit(expression, shown);
      return;
    }
    ts.forEachChild(node, (child) => visit(child, shows(node, child, shown)));
  };
  visit(file, false);
  return found;
}

/** The words of a string or of a template without its values. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('');
  return undefined;
}

/** What stands between tags is shown, and what an expression there may become; a condition and the body of a function are not. */
function shows(parent: ts.Node, child: ts.Node, shown: boolean): boolean {
  if (ts.isJsxExpression(parent)) return shown || ts.isJsxElement(parent.parent) || ts.isJsxFragment(parent.parent);
  if (ts.isConditionalExpression(parent)) return shown && child !== parent.condition;
  if (ts.isBinaryExpression(parent))
    return shown && (parent.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken || child === parent.right);
  if (ts.isCallExpression(parent)) return shown && child !== parent.expression;
  return shown && (ts.isParenthesizedExpression(parent) || ts.isArrayLiteralExpression(parent));
}

/** A value that is looked for, not said: an operand of a comparison, a case, a key. */
function isCompared(node: ts.Node): boolean {
  const { parent } = node;
  const { EqualsEqualsEqualsToken, ExclamationEqualsEqualsToken, InKeyword } = ts.SyntaxKind;
  return (
    (ts.isBinaryExpression(parent) &&
      [EqualsEqualsEqualsToken, ExclamationEqualsEqualsToken, InKeyword].some((kind) => kind === parent.operatorToken.kind)) ||
    ts.isCaseClause(parent) ||
    ts.isElementAccessExpression(parent) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}

describe('the pages', () => {
  const files = readdirSync(BROWSER, { recursive: true, encoding: 'utf8' }).filter((file) => PAGE_FILE.test(file) && !TEST_FILE.test(file));

  it('are all looked at', () => {
    expect(files).toEqual(expect.arrayContaining(['wallet/app.tsx', 'wallet/message.ts', 'consent/transfer-terms.tsx']));
  });

  it.each(files)('%s has no words of its own', (file) => {
    expect(literalsOf(file, readFileSync(join(BROWSER, file), 'utf8'))).toEqual([]);
  });
});

describe('the check', () => {
  it.each([
    ['text between tags', '<p>Sent</p>', '1: Sent'],
    ['text beside a value', '<p>\n  to {name}\n</p>', '2: to'],
    ['a label for those who cannot see', '<ul aria-label="risks" />', '1: risks'],
    ['an attribute that it does not know', '<Field hint={"as given"} />', '1: as given'],
    ['a choice of words', "<p>{open ? 'less' : words.more}</p>", '1: less'],
    ['words on a condition', "<p>{open && 'less'}</p>", '1: less'],
    ['words with values in them', '<p>{`${count} nodes`}</p>', '1: nodes'],
    ['words inside a value', "<p>{`${one ? 'Both' : all}`}</p>", '1: Both'],
    ['words for a function', "<p>{sayCount(count, 'transaction')}</p>", '1: transaction'],
    ['an attribute that people read, chosen', "<img alt={large ? 'large' : words.small} />", '1: large'],
    ['a sentence that is shown later', "const CLOSED = { idle: 'It locked by itself.' };", '1: It locked by itself.'],
    ['a sentence in a handler', "<b onClick={() => say('Not now')} />", '1: Not now'],
    ['a word with a capital', "const tag = 'Pending';", '1: Pending'],
  ])('finds %s', (_, source, expected) => {
    expect(literalsOf('planted.tsx', source)).toEqual([expected]);
  });

  it.each([
    ['figures and marks', '<p>{sign} – {units}…</p>'],
    ['what machines read', '<p class="small muted" role="status" id={`${id}-hint`} key={`${at} a b`} />'],
    ['a comparison', "<p>{state === 'Pending' && words.pending}</p>"],
    ['where a button leads', "<b onClick={() => show({ at: 'home' })} />"],
    ['a key of the keyboard', "if (event.key === 'Enter') go();"],
    ['names of events and codes', "for (const event of ['keydown', 'chain/no-account']) listen(event);"],
    ['an import', "import { a } from 'A b';"],
    ['a type', "const at: 'Not now' | undefined = undefined;"],
  ])('leaves %s alone', (_, source) => {
    expect(literalsOf('planted.tsx', source)).toEqual([]);
  });
});
