/** What an operator writes into a node's configuration file; parsed once, trusted inside. */
import { readFileSync } from 'node:fs';
import { hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { TrefoilError } from '#shared/errors.ts';
import { type ChainId, type PartyId, parsePartyId } from '#shared/ids.ts';

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

const port = z.number().int().min(1).max(65_535);
const party = z.number().int().min(2).max(0xffff).transform(parsePartyId);
const identity = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'an identity key is 64 lower-case hex digits')
  .transform((hex) => hexToBytes(hex));

const Config = z
  .strictObject({
    /** For people: the name that pages and logs show. */
    name: z.string().min(1).max(40),
    /** Where the node's data may live, such as `eu`. */
    region: z.string().regex(/^[a-z]{2,10}$/),
    /** This node's point on every wallet's polynomial; 1 is the device's. */
    party,
    /** Folder of identity, keyring and database. */
    dataDir: z.string().min(1),
    host: z.string().default('127.0.0.1'),
    /** Connect over HTTP/1.1; with TLS also gRPC over HTTP/2. */
    connectPort: port,
    /** gRPC over clear-text HTTP/2, on loopback only. */
    grpcPort: port.optional(),
    /** PEM files. Needed on any address but loopback. */
    tls: z.strictObject({ certificate: z.string(), key: z.string() }).optional(),
    /** The other nodes, with their pinned identity keys. */
    peers: z
      .array(z.strictObject({ party, identity, name: z.string().optional() }))
      .min(1)
      .max(15),
    /** What the gateway has to present; at least 128 bits. */
    gatewayToken: z.string().min(32),
    /** CAIP-2 ids of the chains that this node signs for. */
    chains: z.array(z.string().transform((id) => id as ChainId)).min(1),
    /** One-time commitments and presignatures of a device's session die after this time. */
    poolTtlHours: z.number().min(1).max(24).default(12),
  })
  .refine((config) => config.tls !== undefined || LOOPBACK.includes(config.host), {
    path: ['tls'],
    message: 'is needed on any address but loopback',
  })
  .refine((config) => config.tls === undefined || config.grpcPort === undefined, {
    path: ['grpcPort'],
    message: 'with TLS, gRPC is on connectPort',
  })
  .refine((config) => new Set([config.party, ...config.peers.map((peer) => peer.party)]).size === config.peers.length + 1, {
    path: ['peers'],
    message: 'every node needs its own party number',
  });

/** A checked configuration. */
export type Config = z.infer<typeof Config>;

/** @throws TrefoilError `service/configuration` naming the settings that are wrong */
export function readConfig(path: string): Config {
  const operation = 'readConfig';
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new TrefoilError('service/configuration', { operation, detail: 'the configuration file is missing or is not JSON' });
  }
  const parsed = Config.safeParse(raw);
  if (!parsed.success) {
    const detail = parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'file'}: ${message}`).join('; ');
    throw new TrefoilError('service/configuration', { operation, detail });
  }
  return parsed.data;
}

/** Identity keys of the nodes, this one included, by rising party id. */
export function pinnedNodes(config: Config, own: Uint8Array): ReadonlyMap<PartyId, Uint8Array> {
  const nodes = [...config.peers.map((peer) => [peer.party, peer.identity] as const), [config.party, own] as const];
  return new Map(nodes.sort(([a], [b]) => a - b));
}
