/** How a story asks the keeper (see `keep-parts.ts`). */
import { inject } from 'vitest';

/** What the keeper tells of `kind`, which runs by then. */
export async function askKeeper<Facts>(kind: 'world' | 'edge'): Promise<Facts> {
  return (await post(kind)) as Facts;
}

/** Kills and starts one part. */
export const powerOf = (kind: 'world' | 'edge', part: string) => ({
  kill: async (): Promise<void> => void (await post(`${kind}/${part}/kill`)),
  start: async (): Promise<void> => void (await post(`${kind}/${part}/start`)),
});

async function post(path: string): Promise<unknown> {
  const answer = await fetch(`${inject('partsKeeper')}/${path}`, { method: 'POST' });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}
