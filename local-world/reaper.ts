/**
 * Outlives the world by a moment: when the process that started it is gone, in whatever way, it ends the process groups
 * that were left. It is told of groups on its standard input: `+PGID` started, `-PGID` ended.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { groupIsAlive, signalGroup } from './process-group.ts';

const GRACE_MS = 3_000;
const groups = new Set<number>();

// A Ctrl-C in the terminal is for the world, which ends its processes in order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const group = Number(line.slice(1));
  if (!Number.isSafeInteger(group) || group < 2) return;
  if (line.startsWith('+')) groups.add(group);
  else groups.delete(group);
});
lines.on('close', async () => {
  for (const group of groups) signalGroup(group, 'SIGTERM');
  for (const end = Date.now() + GRACE_MS; Date.now() < end && [...groups].some(groupIsAlive); ) await sleep(50);
  for (const group of groups) signalGroup(group, 'SIGKILL');
  process.exit(0);
});
