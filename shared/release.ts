/**
 * `release.json`: what a released page is told about the world it belongs to. It is part of the release, beside the
 * code and under the same hash, because the identity keys in it decide whom the page trusts.
 */
import { z } from 'zod';
import { TrefoilError } from './errors.ts';

const url = z.url({ protocol: /^https?$/ }).max(300);
const chainId = z.string().regex(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/);
const name = z.string().min(1).max(40);

/** A token of a chain: the page trusts these names and decimals, not what a contract says of itself. */
const ReleaseToken = z.strictObject({
  address: z.string().min(1).max(100),
  symbol: z.string().min(1).max(12),
  name,
  decimals: z.number().int().min(0).max(36),
});

/** A chain and how to reach it, or why it cannot be reached. */
export const ReleaseChain = z.union([
  z.strictObject({ id: chainId, kind: z.enum(['solana', 'bitcoin']), url }),
  z.strictObject({ id: chainId, kind: z.literal('evm'), url, tokens: z.array(ReleaseToken).max(100) }),
  z.strictObject({ id: chainId, unavailable: z.string().min(1).max(300) }),
]);
export type ReleaseChain = z.infer<typeof ReleaseChain>;

export const ReleaseNode = z.strictObject({
  party: z.number().int().min(2).max(0xffff),
  name,
  region: z.string().regex(/^[a-z]{2,10}$/),
  /** Ed25519 public key that the node signs its hellos with. */
  identity: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ReleaseNode = z.infer<typeof ReleaseNode>;

export const Release = z
  .strictObject({
    version: z.literal(1),
    name,
    /** Base URL of the API. */
    gateway: url,
    /** Every node of the roster, by rising party number. */
    nodes: z.array(ReleaseNode).min(1).max(15),
    /** Shares needed to sign, the device's included. */
    threshold: z.number().int().min(2).max(16),
    /** In the order in which a wallet shows them. */
    chains: z.array(ReleaseChain).min(1).max(50),
    /** Where test money comes from; null where money has a value. */
    faucet: url.nullable(),
  })
  .refine(({ nodes }) => nodes.every(({ party }, at) => at === 0 || party > (nodes[at - 1]?.party ?? 0)), {
    path: ['nodes'],
    message: 'must be in rising order of party',
  })
  .refine(({ nodes, threshold }) => threshold <= nodes.length + 1, { path: ['threshold'], message: 'is more than the roster has' });
export type Release = z.infer<typeof Release>;

/** @throws TrefoilError `service/configuration` naming the settings that are wrong */
export function parseRelease(value: unknown): Release {
  const parsed = Release.safeParse(value);
  if (parsed.success) return parsed.data;
  const detail = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'release'}: ${message}`).join('; ');
  throw new TrefoilError('service/configuration', { operation: 'parseRelease', detail });
}
