import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '#test/support/code-of.ts';
import { makeChannels, makeParties, makeTerms, newIdentity } from '#test/support/parties.ts';
import type { PartyId } from '../ids.ts';
import { randomWalletId } from '../ids.ts';
import { ENVELOPE_MAX_BYTES } from '../limits.ts';
import { type Envelope, EnvelopeHeaderSchema, EnvelopeSchema } from '../proto/gen/trefoil/v1/channel_pb.js';
import { type Channel, makeOneUseKeys } from './channel.ts';
import { decodeEnvelope, signedBytes } from './envelope.ts';
import { makeHello, sessionIdOf, verifyHello } from './hello.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const [P1, P2, P3] = [1, 2, 3] as PartyId[] as [PartyId, PartyId, PartyId];

/** The channels of three parties in one session. */
async function session(): Promise<{ channels: [Channel, Channel, Channel]; terms: Awaited<ReturnType<typeof makeTerms>>['terms'] }> {
  const { terms, identities } = await makeTerms();
  const [one, two, three] = await makeChannels(terms, await makeParties(terms, identities));
  if (one === undefined || two === undefined || three === undefined) throw new Error('three channels');
  return { channels: [one, two, three], terms };
}

/** What a party reads, as text. */
async function read(channel: Channel, envelope: Envelope): Promise<string> {
  let body = 'nothing';
  await channel.receive(envelope, async (opened) => {
    body = new TextDecoder().decode(opened.body);
    return [];
  });
  return body;
}

describe('sealed channel', () => {
  let one: Channel;
  let two: Channel;
  let three: Channel;
  beforeAll(async () => {
    ({
      channels: [one, two, three],
    } = await session());
  });

  it('carries a message to its receiver and to nobody else', async () => {
    const envelope = await one.seal(P2, 1, text('hello'));
    expect(await read(two, envelope)).toBe('hello');
    expect(await codeOf(read(three, envelope))).toBe('channel/wrong-receiver');
    expect(Buffer.from(toBinary(EnvelopeSchema, envelope)).includes('hello')).toBe(false);
  });

  it('seals a place once: the same bytes again, whatever the body', async () => {
    const first = await one.seal(P2, 2, text('first'));
    const again = await one.seal(P2, 2, text('second'));
    expect(toBinary(EnvelopeSchema, again)).toEqual(toBinary(EnvelopeSchema, first));
  });

  it('gives the identical message the first answer and refuses other bytes in its place', async () => {
    const { channels, terms } = await session();
    const [sender, receiver] = channels;
    const envelope = await sender.seal(P2, 1, text('once'));
    let handled = 0;
    const handle = async (): Promise<Envelope[]> => {
      handled += 1;
      return [await receiver.seal(P1, 1, text(`answer ${handled}`))];
    };
    const [first, second] = await Promise.all([receiver.receive(envelope, handle), receiver.receive(envelope, handle)]);
    expect(handled).toBe(1);
    expect(second).toEqual(first);
    const other = await resealed(terms, sender, P2, 1, text('other'));
    expect(await codeOf(receiver.receive(other, handle))).toBe('session/conflict');
    expect(handled).toBe(1);
  });

  it('repeats an error to the identical message', async () => {
    const { channels } = await session();
    const envelope = await channels[0].seal(P2, 1, text('bad'));
    const refuse = async (): Promise<Envelope[]> => {
      throw new Error('refused');
    };
    await expect(channels[1].receive(envelope, refuse)).rejects.toThrow('refused');
    await expect(channels[1].receive(envelope, async () => [])).rejects.toThrow('refused');
  });

  it('refuses every changed byte of an envelope, and stays as it was', async () => {
    const { channels } = await session();
    const [sender, receiver] = channels;
    const bytes = toBinary(EnvelopeSchema, await sender.seal(P2, 1, text('payload')));
    let refused = 0;
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = bytes.slice();
      changed[i] = (changed[i] ?? 0) ^ 1;
      const code = await codeOf(async () => receiver.receive(decodeEnvelope(changed), async () => []));
      if (code !== 'no error') refused += 1;
      expect(`byte ${i}: ${code}`).toMatch(/: (channel|input|session)\//);
    }
    expect(refused).toBe(bytes.length);
    expect(await read(receiver, fromBinary(EnvelopeSchema, bytes))).toBe('payload');
  });

  it('refuses messages of another session, wallet, epoch, round or version', async () => {
    const other = await session();
    const foreign = await other.channels[0].seal(P2, 1, text('x'));
    expect(await codeOf(read(two, foreign))).toBe('channel/wrong-wallet');
    const sealed = await one.seal(P2, 3, text('x'));
    const withHeader = (change: object): Envelope => {
      const header = fromBinary(EnvelopeHeaderSchema, sealed.header);
      return create(EnvelopeSchema, {
        ...sealed,
        header: toBinary(EnvelopeHeaderSchema, create(EnvelopeHeaderSchema, { ...header, ...change })),
      });
    };
    expect(await codeOf(read(two, withHeader({ sessionId: new Uint8Array(32) })))).toBe('channel/wrong-session');
    expect(await codeOf(read(two, withHeader({ epoch: 1n })))).toBe('channel/wrong-epoch');
    expect(await codeOf(read(two, withHeader({ round: 99 })))).toBe('session/wrong-round');
    expect(await codeOf(read(two, withHeader({ round: 0 })))).toBe('input/malformed');
    expect(await codeOf(read(two, withHeader({ version: 2 })))).toBe('input/unsupported-version');
    expect(await codeOf(read(two, withHeader({ from: 9 })))).toBe('channel/bad-signature');
    expect(await codeOf(read(two, withHeader({ from: 3 })))).toBe('channel/bad-signature');
    expect(await codeOf(async () => decodeEnvelope(new Uint8Array(ENVELOPE_MAX_BYTES + 1)))).toBe('input/too-large');
  });

  it('opens nothing for a member that signs another’s ciphertext as its own', async () => {
    const { channels, terms } = await session();
    const [victim, receiver, thief] = channels;
    const envelope = await victim.seal(P2, 1, text('mine'));
    const header = fromBinary(EnvelopeHeaderSchema, envelope.header);
    const stolen = { ...envelope, header: toBinary(EnvelopeHeaderSchema, create(EnvelopeHeaderSchema, { ...header, from: 3 })) };
    const signed = create(EnvelopeSchema, { ...stolen, signature: await thief.identity.sign(signedBytes(stolen)) });
    expect(terms.roster.size).toBe(3);
    expect(await codeOf(read(receiver, signed))).toBe('channel/cannot-open');
  });

  it('opens nothing after it was closed', async () => {
    const { channels } = await session();
    const envelope = await channels[0].seal(P2, 1, text('late'));
    channels[1].close();
    expect(await codeOf(read(channels[1], envelope))).toBe('session/ended');
  });
});

/** Another valid envelope of the same sender for the same place, as a cheating sender could make it. */
async function resealed(
  terms: Awaited<ReturnType<typeof makeTerms>>['terms'],
  sender: Channel,
  to: PartyId,
  round: number,
  body: Uint8Array,
): Promise<Envelope> {
  const elsewhere = await sender.seal(to, round + 3, body);
  const header = fromBinary(EnvelopeHeaderSchema, elsewhere.header);
  const moved = { ...elsewhere, header: toBinary(EnvelopeHeaderSchema, create(EnvelopeHeaderSchema, { ...header, round })) };
  expect(terms.roster.get(sender.self)).toEqual(sender.identity.publicKey);
  return create(EnvelopeSchema, { ...moved, signature: await sender.identity.sign(signedBytes(moved)) });
}

describe('hello', () => {
  it('binds the session to every nonce, key and identity', async () => {
    const { terms, identities } = await makeTerms();
    const parties = await makeParties(terms, identities);
    const hellos = await Promise.all(parties.map(({ hello }) => verifyHello(hello)));
    const id = sessionIdOf(hellos, terms);
    const [again] = await makeParties(terms, identities);
    if (again === undefined) throw new Error('a party');
    const replaced = [await verifyHello(again.hello), ...hellos.slice(1)];
    expect(sessionIdOf(replaced, terms)).not.toBe(id);
    expect(sessionIdOf(hellos.toReversed(), terms)).toBe(id);
  });

  it('names the session by all of what every party said, not by some of it', async () => {
    const { terms, identities } = await makeTerms();
    const parties = await makeParties(terms, identities);
    const hellos = await Promise.all(parties.map(({ hello }) => verifyHello(hello)));
    const [first] = parties;
    if (first === undefined) throw new Error('a party');
    const { id, identity, oneUseKeys } = first;
    const sameKeys = await verifyHello(await makeHello({ terms, party: id, identity, oneUseKey: oneUseKeys.publicKey }));
    expect(sessionIdOf([sameKeys, ...hellos.slice(1)], terms)).not.toBe(sessionIdOf(hellos, terms));
  });

  it('refuses a roster with another identity, wallet, epoch, threshold or party', async () => {
    const { terms, identities } = await makeTerms();
    const parties = await makeParties(terms, identities);
    const hellos = await Promise.all(parties.map(({ hello }) => verifyHello(hello)));
    const stranger = await newIdentity();
    const swapped = new Map(terms.roster).set(P3, stranger.publicKey);
    const expected: [object, string][] = [
      [{ roster: swapped }, 'channel/roster-mismatch'],
      [{ walletId: randomWalletId() }, 'channel/wrong-wallet'],
      [{ epoch: 1 }, 'channel/wrong-epoch'],
      [{ threshold: 3 }, 'channel/roster-mismatch'],
    ];
    for (const [change, code] of expected) expect(await codeOf(() => sessionIdOf(hellos, { ...terms, ...change }))).toBe(code);
    expect(await codeOf(() => sessionIdOf(hellos.slice(1), terms))).toBe('channel/roster-mismatch');
  });

  it('refuses every changed byte', async () => {
    const { terms, identities } = await makeTerms([1, 2]);
    const identity = identities.get(P1);
    if (identity === undefined) throw new Error('an identity');
    const { publicKey } = await makeOneUseKeys();
    const signed = await makeHello({ terms, party: P1, identity, oneUseKey: publicKey });
    for (let i = 0; i < signed.hello.length; i += 1) {
      const hello = signed.hello.slice();
      hello[i] = (hello[i] ?? 0) ^ 1;
      expect(await codeOf(verifyHello({ ...signed, hello }))).toMatch(/^(input|channel)\//);
    }
    const signature = signed.signature.slice();
    signature[0] = (signature[0] ?? 0) ^ 1;
    expect(await codeOf(verifyHello({ ...signed, signature }))).toBe('channel/bad-signature');
  });
});
