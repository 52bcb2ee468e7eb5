/** An envelope with a lie in each of its fields, and in each field of its header. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect } from 'vitest';
import { signedBytes } from '#shared/channel/envelope.ts';
import type { Identity } from '#shared/channel/identity.ts';
import { MESSAGE_PARTS_MAX_COUNT } from '#shared/limits.ts';
import { type Envelope, EnvelopeHeaderSchema, EnvelopeSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { newIdentity } from './parties.ts';

/** A lie for each field of an EnvelopeHeader, signed by the sender all the same. */
const HEADER_LIES: Record<string, { lie: object; code: string }> = {
  version: { lie: { version: 2 }, code: 'input/unsupported-version' },
  wallet_id: { lie: { walletId: new Uint8Array(16) }, code: 'channel/wrong-wallet' },
  session_id: { lie: { sessionId: new Uint8Array(32) }, code: 'channel/wrong-session' },
  epoch: { lie: { epoch: 1n }, code: 'channel/wrong-epoch' },
  round: { lie: { round: 9999 }, code: 'session/wrong-round' },
  from: { lie: { from: 9 }, code: 'channel/bad-signature' },
  to: { lie: { to: 9 }, code: 'channel/wrong-receiver' },
  part: { lie: { part: 1 }, code: 'input/malformed' },
  parts: { lie: { parts: MESSAGE_PARTS_MAX_COUNT + 1 }, code: 'input/malformed' },
};
/** A change to each field of an Envelope, which its signature covers. */
const ENVELOPE_LIES: Record<string, object> = {
  header: { header: new Uint8Array([255]) },
  enc: { enc: new Uint8Array(32) },
  ciphertext: { ciphertext: new Uint8Array(64) },
  signature: { signature: new Uint8Array(64) },
};

export async function signedAs(identity: Identity, envelope: Envelope, change: object): Promise<Envelope> {
  const parts = { ...envelope, ...change };
  return create(EnvelopeSchema, { ...parts, signature: await identity.sign(signedBytes(parts)) });
}
const withHeader = (envelope: Envelope, lie: object): { header: Uint8Array } => ({
  header: toBinary(EnvelopeHeaderSchema, create(EnvelopeHeaderSchema, { ...fromBinary(EnvelopeHeaderSchema, envelope.header), ...lie })),
});

/** Each bad form of an envelope, and the codes that may refuse it. */
export async function badEnvelopes(good: Envelope, sender: Identity): Promise<[string, Envelope, RegExp][]> {
  expect(Object.keys(HEADER_LIES).sort()).toEqual(EnvelopeHeaderSchema.fields.map(({ name }) => name).sort());
  expect(Object.keys(ENVELOPE_LIES).sort()).toEqual(EnvelopeSchema.fields.map(({ name }) => name).sort());
  const stranger = await newIdentity();
  const out: [string, Envelope, RegExp][] = [];
  for (const [field, { lie, code }] of Object.entries(HEADER_LIES)) {
    out.push([`lie in ${field}`, await signedAs(sender, good, withHeader(good, lie)), new RegExp(`^${code}$`)]);
    out.push([`${field} changed`, create(EnvelopeSchema, { ...good, ...withHeader(good, lie) }), /^(channel|input|session)\//]);
  }
  for (const [field, change] of Object.entries(ENVELOPE_LIES)) {
    out.push([`${field} changed`, create(EnvelopeSchema, { ...good, ...change }), /^(channel\/bad-signature|input\/malformed)$/]);
  }
  out.push(['unsigned', create(EnvelopeSchema, { ...good, signature: new Uint8Array() }), /^channel\/bad-signature$/]);
  out.push(['signed by another', await signedAs(stranger, good, {}), /^channel\/bad-signature$/]);
  return out;
}
