/** Plants a defect: what a change finds stands exactly once, or the change says nothing and is an error. */
import { type Change, changesOf, type Rule, type Text } from '../../test/rules/rule.ts';

type Edit = Pick<Change, 'find' | 'replace'>;

interface Place {
  readonly at: number;
  readonly found: string;
  readonly indentation: string;
}

/** @throws Error when `find` does not stand exactly once, or when nothing would change */
export function applyChange(source: string, { find, replace }: Edit): string {
  const [place, ...more] = placesOf(source, find);
  if (place === undefined || more.length > 0) throw new Error(`stands ${more.length + (place ? 1 : 0)} times: ${[find].flat()[0]}`);
  const written = indented(replace, place.indentation);
  if (written === place.found) throw new Error(`changes nothing: ${[find].flat()[0]}`);
  const end = place.at + place.found.length;
  const begin = source.lastIndexOf('\n', place.at - 1) + 1;
  const isWholeLines = source.slice(begin, place.at).trim() === '' && source[end] === '\n';
  if (written === '' && isWholeLines) return source.slice(0, begin) + source.slice(end + 1);
  return source.slice(0, place.at) + written + source.slice(end);
}

/** The changed files of a rule. @throws Error with the file that a change does not fit */
export function plant(rule: Rule, read: (file: string) => string): Map<string, string> {
  const planted = new Map<string, string>();
  for (const { file, ...edit } of changesOf(rule)) {
    try {
      planted.set(file, applyChange(planted.get(file) ?? read(file), edit));
    } catch (thrown) {
      throw new Error(`${file}: ${(thrown as Error).message}`);
    }
  }
  return planted;
}

function placesOf(source: string, find: Text): Place[] {
  const first = [find].flat()[0] ?? '';
  if (first === '') throw new Error('finds nothing: the first line is empty');
  const places: Place[] = [];
  for (let at = source.indexOf(first); at >= 0; at = source.indexOf(first, at + 1)) {
    const begin = source.lastIndexOf('\n', at - 1) + 1;
    const indentation = /^[ \t]*/.exec(source.slice(begin, at + first.length))?.[0] ?? '';
    const found = indented(find, indentation);
    if (source.startsWith(found, at)) places.push({ at, found, indentation });
  }
  return places;
}

/** The first line begins where it is found, the others where its line does. */
const indented = (text: Text, indentation: string): string =>
  [text]
    .flat()
    .map((line, index) => (index === 0 || line === '' ? line : indentation + line))
    .join('\n');
