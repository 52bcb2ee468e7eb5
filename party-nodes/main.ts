/**
 * A party node. `init` makes what only this machine may know; `serve` runs the node.
 *
 *     node party-nodes/main.ts init --data DIR
 *     node party-nodes/main.ts serve --config FILE
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { bytesToHex } from '@noble/hashes/utils.js';
import { TrefoilError } from '#shared/errors.ts';
import type { UnixMs } from '#shared/ids.ts';
import { loadEngine } from '#wasm/js/load-node.ts';
import { createKeyring, openKeyring } from './at-rest/local-keyring.ts';
import { pinnedNodes, readConfig } from './config.ts';
import { createIdentity, openIdentity } from './identity.ts';
import { log } from './ops/log.ts';
import { serve } from './rpc/serve.ts';
import { NodeSessions } from './session/node-sessions.ts';
import { SqliteStorage } from './storage/sqlite/sqlite-storage.ts';

const USAGE = `usage: node party-nodes/main.ts init --data DIR     make identity and keyring, print the public identity
       node party-nodes/main.ts serve --config FILE  run the node`;

/** Open connections get this long to end by themselves. */
const STOP_WITHIN_MS = 2_000;
/** How often deadlines are looked at. */
const TICK_MS = 250;

const identityFile = (dataDir: string): string => join(dataDir, 'identity.key');
const keyringFile = (dataDir: string): string => join(dataDir, 'keyring.json');

async function init(dataDir: string): Promise<void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  createIdentity(identityFile(dataDir));
  createKeyring(keyringFile(dataDir));
  const { publicKey } = await openIdentity(identityFile(dataDir));
  process.stdout.write(`${JSON.stringify({ identity: bytesToHex(publicKey) })}\n`);
}

async function run(configFile: string): Promise<void> {
  const config = readConfig(configFile);
  const identity = await openIdentity(identityFile(config.dataDir));
  const kms = openKeyring(keyringFile(config.dataDir));
  const storage = new SqliteStorage(join(config.dataDir, 'node.sqlite'), kms);
  let ready = true;
  const sessions = new NodeSessions({
    self: config.party,
    identity,
    nodes: pinnedNodes(config, identity.publicKey),
    chains: new Set(config.chains),
    engine: await loadEngine(),
    storage,
    poolTtlMs: config.poolTtlHours * 60 * 60 * 1000,
    clock: () => Date.now() as UnixMs,
  });
  const server = await serve(config, sessions, () => ready);
  const ticking = setInterval(() => sessions.tick(), TICK_MS);
  log('node.ready', { name: config.name, region: config.region, party: config.party, identity: bytesToHex(identity.publicKey) });

  const stop = async (): Promise<void> => {
    if (!ready) return;
    ready = false;
    clearInterval(ticking);
    sessions.close();
    await Promise.race([server.close(), setTimeout(STOP_WITHIN_MS)]);
    storage.close();
    log('node.stopped');
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { data: { type: 'string' }, config: { type: 'string' } } });
  const [command] = positionals;
  if (command === 'init' && values.data !== undefined) return init(values.data);
  if (command === 'serve' && values.config !== undefined) return run(values.config);
  throw new TrefoilError('service/configuration', { operation: 'main', detail: `unknown arguments\n${USAGE}` });
}

main().catch((thrown: unknown) => {
  const error = TrefoilError.from(thrown, 'main');
  process.stderr.write(`${error.message}\n${error.fix}\n`);
  if (error.blame === 'bug') process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : 'unknown cause'}\n`);
  process.exit(1);
});
