/**
 * Keeps one world and one edge for all stories of a run: each is started when the first story asks, and ended after the last.
 * Stories run in processes of their own and ask over loopback; a part that they kill is a child of the keeper.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { keepEdge } from './keep-edge.ts';
import { keepWorld } from './keep-world.ts';
import type { Kept } from './kept.ts';

const KINDS: Readonly<Record<string, () => Promise<Kept<unknown>>>> = { world: keepWorld, edge: keepEdge };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kept = new Map<string, Promise<Kept<unknown>>>();
  const server = createServer((request, response) => {
    answer(kept, request.url ?? '').then(
      (facts) => response.writeHead(200).end(JSON.stringify(facts ?? null)),
      (failure: Error) => response.writeHead(500).end(`${failure.message} ${String(failure.cause ?? '')}`),
    );
  });
  project.provide('partsKeeper', await listen(server));
  return async () => {
    server.closeAllConnections();
    server.close();
    const all = await Promise.allSettled(kept.values());
    await Promise.all(all.map((each) => (each.status === 'fulfilled' ? each.value.close() : undefined)));
  };
}

/** `/KIND` starts what does not run, and tells of it; `/KIND/PART/kill` and `/KIND/PART/start` are for one part. */
async function answer(kept: Map<string, Promise<Kept<unknown>>>, path: string): Promise<unknown> {
  const [, kind = '', name, verb] = path.split('/');
  const running = kept.get(kind) ?? KINDS[kind]?.();
  if (running === undefined) throw new Error(`nothing is kept at ${path}`);
  kept.set(kind, running);
  const { facts, parts } = await running;
  if (name === undefined) {
    // The story before may have failed between a kill and a start.
    await Promise.all(Object.values(parts).map((part) => part.start()));
    return facts;
  }
  const part = parts[name];
  if (part === undefined) throw new Error(`no part at ${path}`);
  await (verb === 'kill' ? part.kill() : part.start());
  return undefined;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

declare module 'vitest' {
  interface ProvidedContext {
    partsKeeper: string;
  }
}
