import type { TrefoilError } from '../../../shared/errors.ts';
import { sayProblem } from '../words.ts';

/** What went wrong and the way out, said at once by screen readers. */
export function ProblemNotice({ problem }: { problem: TrefoilError }) {
  const { title, detail, fix } = sayProblem(problem);
  return (
    <div class="notice bad" role="alert">
      <strong>{title}</strong>
      {detail !== undefined && <p class="small">{detail}</p>}
      <p class="small">{fix}</p>
    </div>
  );
}

/** The same beside a field; `id` is what the field's `aria-describedby` names. */
export function FieldProblem({ id, problem }: { id: string; problem: TrefoilError }) {
  const { title, detail, fix } = sayProblem(problem);
  return (
    <p class="wrong" id={id} role="alert">
      {title} {detail === undefined ? '' : `${detail} `}
      {fix}
    </p>
  );
}
