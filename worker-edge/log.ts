/** One JSON object per line. Fields are ids, codes and numbers: there is no way to pass a body in. */
type Field = string | number | boolean | readonly number[] | undefined;

export function log(event: string, fields: Readonly<Record<string, Field>>): void {
  console.log(JSON.stringify({ event, ...fields }));
}
