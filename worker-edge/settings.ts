/** The gateway's settings, parsed once for each isolate into a typed object. */
import { z } from 'zod';
import { TrefoilError } from '#shared/errors.ts';
import { type PartyId, parsePartyId } from '#shared/ids.ts';

/** The settings as wrangler gives them. */
export interface RawSettings {
  readonly NODES: string;
  readonly ALLOWED_ORIGINS: string;
  readonly GATEWAY_TOKEN: string;
}

/** A party node as the gateway knows it. */
export interface NodeAddress {
  readonly party: PartyId;
  readonly name: string;
  readonly region: string;
  readonly url: string;
}

/** Checked settings. */
export interface Settings {
  readonly nodes: ReadonlyMap<PartyId, NodeAddress>;
  readonly allowedOrigins: readonly string[];
  readonly gatewayToken: string;
}

const Nodes = z
  .array(z.object({ party: z.number().transform(parsePartyId), name: z.string(), region: z.string(), url: z.url() }))
  .min(2, 'names at least two nodes');
const Origins = z.array(z.url()).min(1, 'names at least one origin');
const Token = z.string().min(32, 'has at least 32 characters');

const parsed = new WeakMap<object, Settings>();

/** @throws TrefoilError `service/configuration` naming the setting that is wrong */
export function settingsOf(env: RawSettings): Settings {
  const known = parsed.get(env);
  if (known !== undefined) return known;
  const nodes = parse('NODES', Nodes, json(env.NODES));
  const settings = {
    nodes: new Map(nodes.map((node) => [node.party, node])),
    allowedOrigins: parse('ALLOWED_ORIGINS', Origins, json(env.ALLOWED_ORIGINS)),
    gatewayToken: parse('GATEWAY_TOKEN', Token, env.GATEWAY_TOKEN),
  };
  parsed.set(env, settings);
  return settings;
}

function parse<T>(setting: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const detail = `${setting}: ${result.error.issues.map(({ message }) => message).join('; ')}`;
  throw new TrefoilError('service/configuration', { operation: 'settingsOf', detail });
}

function json(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
