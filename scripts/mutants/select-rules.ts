/** Which rules a run of `npm run mutants` tries. */
import { changesOf, type Rule } from '../../test/rules/rule.ts';
import type { Changed } from '../changed-files.ts';

export interface Wish {
  /** Of these, a rule's name contains one. None of them: every rule. */
  readonly parts: readonly string[];
  /** Only what changed since a revision; without a revision since the branch left its upstream. */
  readonly changed: { readonly since: string | undefined } | undefined;
}

export const USAGE = `npm run mutants [-- PART … [--changed [REVISION]]]
  PART                  only rules whose name contains PART
  --changed [REVISION]  only new rules, and rules whose file or test changed since REVISION, uncommitted changes included;
                        without REVISION since the branch left its upstream or origin/main`;

/** @throws Error with the usage for an option that there is not */
export function readWish(args: readonly string[]): Wish {
  const at = args.indexOf('--changed');
  const since = at < 0 ? undefined : args[at + 1];
  const parts = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  const unknown = [...parts, since ?? ''].find((word) => word.startsWith('-'));
  if (unknown !== undefined) throw new Error(`unknown: ${unknown}\n${USAGE}`);
  return { parts, changed: at < 0 ? undefined : { since } };
}

/** @param testFileOf the file of the named test, from the root of the repository */
export function selectRules(
  rules: readonly Rule[],
  parts: readonly string[],
  changed: Changed | undefined,
  testFileOf: (rule: Rule) => string,
): Rule[] {
  const isNamed = ({ name }: Rule): boolean => parts.length === 0 || parts.some((part) => name.includes(part));
  const isChanged = (rule: Rule): boolean =>
    changed === undefined ||
    !changed.earlierNames.has(rule.name) ||
    changed.files.has(testFileOf(rule)) ||
    changesOf(rule).some(({ file }) => changed.files.has(file));
  return rules.filter((rule) => isNamed(rule) && isChanged(rule));
}
