import { sayProblem } from '#browser/words/problems.ts';
import type { TrefoilError } from '#shared/errors.ts';

/** What went wrong and the way out, said at once by screen readers. @param fix where the screen knows a better way out than the problem */
export function ProblemNotice({ problem, fix }: { problem: TrefoilError; fix?: string }) {
  const { title, detail, fix: itsFix } = sayProblem(problem);
  return (
    <div class="notice bad" role="alert">
      <strong>{title}</strong>
      {detail !== undefined && <p class="small">{detail}</p>}
      <p class="small">{fix ?? itsFix}</p>
    </div>
  );
}
