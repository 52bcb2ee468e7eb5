/** One JSON object per line on standard output. Fields are ids, codes, names and numbers: there is no way to pass bytes or an object in. */
type Field = string | number | boolean | readonly number[] | undefined;

export function log(event: string, fields: Readonly<Record<string, Field>> = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
}
