/** Positional parameters of Solana's RPC methods, checked. */
import { base58, base64 } from '@scure/base';
import { isAddress } from '@solana/web3.js';
import { z } from 'zod';
import { invalidParams } from './rpc-error.ts';
import { readMessage, readWireTransaction, type WireTransaction } from './wire-transaction.ts';

export const address = z.string().refine(isAddress, 'not a base58 public key');
export const signature = z.string().regex(/^[1-9A-HJ-NP-Za-km-z]{64,88}$/, 'not a base58 signature');
const encoding = z.enum(['base58', 'base64', 'base64+zstd', 'json', 'jsonParsed']);
/** Fields that the local cluster has no use for are ignored, as validators do. */
export const options = z
  .looseObject({
    encoding: encoding.optional(),
    limit: z.number().int().min(1).max(1000).optional(),
    before: signature.optional(),
    until: signature.optional(),
    skipPreflight: z.boolean().optional(),
    sigVerify: z.boolean().optional(),
    replaceRecentBlockhash: z.boolean().optional(),
  })
  .nullish()
  .transform((value) => value ?? {});
export type Options = z.infer<typeof options>;

/** Missing parameters count as undefined; more than the method knows are refused. */
export function parseParams<Shape extends readonly [z.ZodType, ...z.ZodType[]]>(
  params: readonly unknown[],
  ...shape: Shape
): { [At in keyof Shape]: z.infer<Shape[At]> } {
  if (params.length > shape.length) throw invalidParams(`expected at most ${shape.length} parameters`);
  const values = shape.map((schema, at) => {
    const parsed = schema.safeParse(params[at]);
    if (!parsed.success) throw invalidParams(`parameter ${at}: ${parsed.error.issues[0]?.message ?? 'malformed'}`);
    return parsed.data;
  });
  return values as { [At in keyof Shape]: z.infer<Shape[At]> };
}

export function parseTransaction(encoded: string, how: Options['encoding']): WireTransaction {
  const raw = bytesOf(encoded, how ?? 'base58');
  try {
    return readWireTransaction(raw);
  } catch (cause) {
    throw invalidParams(`failed to deserialize the transaction: ${cause instanceof Error ? cause.message : 'malformed'}`);
  }
}

export function parseMessage(encoded: string): { bytes: Uint8Array; blockhash: string } {
  const bytes = bytesOf(encoded, 'base64');
  try {
    return { bytes, blockhash: readMessage(bytes).lifetimeToken };
  } catch {
    throw invalidParams('failed to deserialize the message');
  }
}

function bytesOf(encoded: string, how: string): Uint8Array {
  try {
    if (how === 'base64') return base64.decode(encoded);
    if (how === 'base58') return base58.decode(encoded);
  } catch {
    throw invalidParams(`invalid ${how} encoding`);
  }
  throw invalidParams(`unsupported encoding ${how}: use base58 or base64`);
}
