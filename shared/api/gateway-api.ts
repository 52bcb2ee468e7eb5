/**
 * The gateway's REST API as both sides see it: paths, bodies and answers. The OpenAPI document is made from these schemas.
 * Every message in it is opaque to the gateway but for its header; bytes are base64url.
 */
import { z } from 'zod';
import { ENVELOPE_MAX_BYTES } from '../limits.ts';
import { bytesField } from './base64.ts';

const HELLO_MAX_BYTES = 8192;
/** A keygen step carries at most two rounds to each other party. */
const ENVELOPES_MAX_COUNT = 64;
/** A signature may name one envelope for each candidate node. */
const CANDIDATES_MAX_COUNT = 4;

const hex = (digits: number): z.ZodString => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const hello = bytesField(HELLO_MAX_BYTES);
const envelope = bytesField(ENVELOPE_MAX_BYTES);

/** Content type of long messages: a serialised `trefoil.v1.Envelopes`. */
export const PROTOBUF = 'application/x-protobuf';

/** Path parameters. */
export const WalletPath = z.object({ walletId: hex(32) });
export const SessionPath = z.object({ walletId: hex(32), sessionId: hex(64) });

/** A serialised SignedHello of the device. */
export const OpenSessionBody = z.strictObject({ hello });
/** The other parties' hellos, and what they say first (the commitments of a signing session). */
export const OpenSessionAnswer = z.object({ sessionId: hex(64), hellos: z.array(hello), envelopes: z.array(envelope) });

/** Envelopes of the device, for any of the nodes. */
export const EnvelopesBody = z.strictObject({ envelopes: z.array(envelope).min(1).max(ENVELOPES_MAX_COUNT) });
/** Where the session stands, and every envelope for the device so far. */
export const EnvelopesAnswer = z.object({ phase: z.string(), envelopes: z.array(envelope) });

/** Where a session stands: `INIT`, `ROUND 1` …, `AGG`, `FINAL`, `ABORT`. */
export const SessionAnswer = z.object({
  phase: z.string(),
  reason: z.object({ code: z.string(), culprits: z.array(z.number()) }).optional(),
});

/** Sealed signing requests, one for each candidate node, best first. Only one of them is answered. */
export const SignatureBody = z.strictObject({ envelopes: z.array(envelope).min(1).max(CANDIDATES_MAX_COUNT) });
/** The serving node's sealed answer. */
export const SignatureAnswer = z.object({ envelope, servedBy: z.number().int() });

export const HealthAnswer = z.object({
  status: z.literal('ok'),
  nodes: z.array(z.object({ party: z.number(), name: z.string(), region: z.string() })),
});

/** RFC 9457 problem details with Trefoil's members. */
export const ProblemAnswer = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  blame: z.enum(['caller', 'peer', 'service', 'bug']),
  retryable: z.boolean(),
  fix: z.string(),
  operation: z.string(),
  detail: z.string().optional(),
  culprits: z.array(z.number()).optional(),
  round: z.number().optional(),
  instance: z.string().optional(),
});
