/** One check of `npm test`: what it runs, what it counts, and which changes can make it fail. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export interface CheckRun {
  /** Given each piece of output as it comes. */
  readonly say: (text: string) => void;
  /** Files that changed, from the root of the repository; undefined: everything is to be checked. */
  readonly changed: readonly string[] | undefined;
}

export interface Check {
  readonly name: string;
  /** Files that it is about; a change of others cannot make it fail. */
  readonly concerns: RegExp;
  /** It loads the built page, or is what builds it. */
  readonly page?: 'builds' | 'needs';
  run(options: CheckRun): Promise<Counts>;
}
