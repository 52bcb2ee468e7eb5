/** What is wrong with a field, said at once by screen readers; `id` is what the field's `aria-describedby` names. */
export const FieldProblem = ({ id, said }: { id: string; said: string }) => (
  <p class="wrong" id={id} role="alert">
    {said}
  </p>
);
