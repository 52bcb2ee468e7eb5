/** The creation of a wallet while lines of the edge are taken over. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TrefoilError } from '#shared/errors.ts';
import { TestDevice } from './device.ts';
import type { Edge } from './edge.ts';
import type { Meddle } from './relay.ts';

/** What each node keeps of a wallet. */
const rowsOf = (edge: Edge, walletId: string): string[] =>
  edge.nodes.map((node) => {
    const database = new DatabaseSync(join(node.dataDir, 'node.sqlite'), { readOnly: true });
    try {
      return String(database.prepare('SELECT state FROM shares WHERE wallet_id = ?').get(walletId)?.['state'] ?? 'nothing');
    } finally {
      database.close();
    }
  });

interface Failure {
  readonly code: string;
  /** The device's store, then each node's row. */
  readonly kept: readonly string[];
  /** What the gateway says of the session, where it knows one. */
  readonly phase: string;
  readonly steps: readonly string[];
}

/** A creation under attack, and what is left of it everywhere. */
export async function attackedCreation(
  edge: Edge,
  front: Meddle | undefined,
  links: readonly (Meddle | undefined)[] = [],
): Promise<Failure> {
  const device = new TestDevice(edge.release);
  let walletId = '';
  let session = '';
  edge.front.meddle(async (call, forward) => {
    walletId = /wallets\/([0-9a-f]+)/.exec(call.path)?.[1] ?? walletId;
    session = /(\/v1\/wallets\/[0-9a-f]+\/sessions\/[0-9a-f]+)/.exec(call.path)?.[1] ?? session;
    return front === undefined ? forward(call) : front(call, forward);
  });
  edge.links.forEach((link, i) => {
    link.meddle(links[i]);
  });
  const thrown = await device.create().then(
    () => undefined,
    (error: unknown) => error,
  );
  edge.honest();
  const status = session === '' ? undefined : await (await fetch(edge.gateway.url + session)).json();
  return {
    code: thrown === undefined ? 'no error' : thrown instanceof TrefoilError ? thrown.code : `not typed: ${thrown}`,
    kept: [device.store.steps.join(' '), ...rowsOf(edge, walletId)],
    phase: String((status as { phase?: string } | undefined)?.phase ?? 'none'),
    steps: device.steps,
  };
}
