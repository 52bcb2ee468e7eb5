/**
 * A rule that keeps keys safe, as data: the defect that breaks it, and the test that notices the defect. `npm run mutants`
 * plants each defect in a copy, `npm test -- rules` checks that every one still fits the code, and `RULES.md` tells them.
 */

/** One line, or several: those after the first are written relative to the indentation of the place. */
export type Text = string | readonly string[];

export interface Change {
  /** From the root of the repository. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: Text;
  /** Nothing takes whole lines away together with their line ends. */
  readonly replace: Text;
}

/** A Rust test by the name of its function, or a vitest test by a part of its full name. */
export type NamedTest =
  | { readonly cargo: string }
  | { readonly vitest: 'unit' | 'workerd' | 'chromium' | 'e2e'; readonly file: string; readonly name: string };

/** A defect of more than one change is planted in their order. */
export type Rule = { readonly name: string; readonly rule: string; readonly test: NamedTest } & (
  | Change
  | { readonly changes: readonly Change[] }
);

export interface Area {
  readonly title: string;
  readonly about: string;
  readonly rules: readonly Rule[];
}

export const changesOf = (rule: Rule): readonly Change[] => ('changes' in rule ? rule.changes : [rule]);
