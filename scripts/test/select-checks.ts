/** Which checks a run of `npm test` makes. */
import type { Check } from './check.ts';

export interface Wish {
  /** Names of checks; none: all. */
  readonly names: readonly string[];
  /** Only what a change since this revision can make fail; without a revision since the branch left its upstream. */
  readonly changed: { readonly since: string | undefined } | undefined;
}

/** @throws Error for a check or an option that there is not */
export function readWish(args: readonly string[], known: readonly string[]): Wish {
  const at = args.indexOf('--changed');
  const next = at < 0 ? undefined : args[at + 1];
  const since = next === undefined || known.includes(next) ? undefined : next;
  const names = args.filter((word, index) => index !== at && (word !== since || index !== at + 1));
  const unknown = [...names, since ?? ''].filter(
    (word) => word !== '' && (word.startsWith('-') || (word !== since && !known.includes(word))),
  );
  if (unknown.length > 0) {
    throw new Error(`unknown: ${unknown.join(' ')}\nnpm test [-- CHECK … [--changed [REVISION]]]\nchecks: ${known.join(' ')}`);
  }
  return { names, changed: at < 0 ? undefined : { since } };
}

/** @param changed files; undefined: everything */
export function selectChecks(checks: readonly Check[], names: readonly string[], changed: readonly string[] | undefined): Check[] {
  const wanted = checks.filter(({ name }) => names.length === 0 || names.includes(name));
  const due = wanted.filter(({ concerns }) => changed === undefined || changed.some((file) => concerns.test(file)));
  // Whoever needs the page has it built, also when it was not asked for.
  const needed = due.some(({ page }) => page === 'needs') ? checks.filter(({ page }) => page === 'builds') : [];
  return checks.filter((check) => due.includes(check) || needed.includes(check));
}
