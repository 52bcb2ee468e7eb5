/** What git knows of changes: files, and the names of the rules that were there before. */
import { spawnSync } from 'node:child_process';

export interface Changed {
  /** From the root of the repository. */
  readonly files: ReadonlySet<string>;
  /** A rule that was not there before is new, even where the code that it is about is not. */
  readonly earlierNames: ReadonlySet<string>;
}

/** @throws Error when the revision names no commit */
export function readChanged(root: string, revision: string | undefined): Changed {
  const git = (...args: string[]): string | undefined => {
    const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };
  const base = revision === undefined ? branchPoint(git) : git('rev-parse', '--verify', '--quiet', `${revision}^{commit}`);
  if (base === undefined) throw new Error(`${revision} names no commit`);
  const linesOf = (output: string | undefined): string[] => (output ?? '').split('\n').filter((line) => line !== '');
  const files = [...linesOf(git('diff', '--name-only', base)), ...linesOf(git('ls-files', '--others', '--exclude-standard'))];
  const names = linesOf(git('grep', '-h', '-o', '-E', "name: '[a-z0-9-]+'", base, '--', 'test/rules'));
  return { files: new Set(files), earlierNames: new Set(names.map((line) => line.slice("name: '".length, -1))) };
}

/** Where the branch left what it will be merged into. Without any such branch, only what is not committed is a change. */
const branchPoint = (git: (...args: string[]) => string | undefined): string =>
  git('merge-base', 'HEAD', '@{upstream}') ?? git('merge-base', 'HEAD', 'origin/main') ?? 'HEAD';
