/** Messages in several envelopes. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '#test/support/code-of.ts';
import { makeParties, makeTerms, type TestParty } from '#test/support/parties.ts';
import type { PartyId } from '../ids.ts';
import { ENVELOPE_MAX_BYTES, MESSAGE_PARTS_MAX_COUNT } from '../limits.ts';
import { type Envelope, EnvelopeHeaderSchema, EnvelopeSchema } from '../proto/gen/trefoil/v1/channel_pb.js';
import { Channel } from './channel.ts';
import { readHeader } from './envelope.ts';
import { type SessionTerms, type VerifiedHello, verifyHello } from './hello.ts';

const [P1, P2] = [1, 2] as PartyId[] as [PartyId, PartyId];

let terms: SessionTerms;
let parties: TestParty[];
let hellos: VerifiedHello[];
/** The sender, and a second channel with its keys: what it seals into the same place is other bytes. */
let sender: Channel;
let cheat: Channel;
let receiver: Channel;
/** What the receiver has handled. */
let handled: Uint8Array[];

beforeEach(async () => {
  const made = await makeTerms([P1, P2]);
  terms = made.terms;
  parties = await makeParties(terms, made.identities);
  hellos = await Promise.all(parties.map(({ hello }) => verifyHello(hello)));
  [sender, cheat, receiver] = [channelOf(0), channelOf(0), channelOf(1)];
  handled = [];
});

function channelOf(at: number, maxParts = MESSAGE_PARTS_MAX_COUNT): Channel {
  const party = parties[at];
  if (party === undefined) throw new Error('a party');
  const { id: self, identity, oneUseKeys } = party;
  return new Channel({ terms, hellos, self, identity, oneUseKeys, lastRound: 9, maxParts });
}

/** No two places of it hold the same. */
const bodyOf = (parts: number): Uint8Array => Uint8Array.from({ length: (parts - 1) * ENVELOPE_MAX_BYTES + 9 }, (_, at) => at % 251);
const receive = (envelope: Envelope | undefined, by = receiver): Promise<Envelope[]> =>
  by.receive(envelope ?? create(EnvelopeSchema), async ({ body, round }) => {
    handled.push(body);
    return [await by.seal(P1, round, new Uint8Array([handled.length]))];
  });

describe('a long message', () => {
  it('that is forgotten is never sealed anew', async () => {
    await sender.sealAll(P2, 1, bodyOf(2));
    sender.forget(1);
    expect(await codeOf(sender.sealAll(P2, 1, bodyOf(3)))).toBe('session/wrong-round');
  });

  it('is put together in the order of its parts, however they arrive, and handled once', async () => {
    const parts = await sender.sealAll(P2, 1, bodyOf(3));
    expect(parts.map((part) => readHeader(part).part)).toEqual([0, 1, 2]);
    const answers: Envelope[][] = [];
    for (const part of parts.toReversed()) answers.push(await receive(part));
    expect(answers.map(({ length }) => length)).toEqual([0, 0, 1]);
    expect(await receive(parts[2])).toEqual(answers[2]);
    expect(handled.length).toBe(1);
    expect(Buffer.compare(handled[0] ?? new Uint8Array(), bodyOf(3))).toBe(0);
  });

  it('has one number of parts', async () => {
    const [first] = await sender.sealAll(P2, 1, bodyOf(2));
    const [, second] = await cheat.sealAll(P2, 1, bodyOf(3));
    await receive(first);
    expect(await codeOf(receive(second))).toBe('session/conflict');
    expect(handled).toEqual([]);
  });

  it('is refused by a channel that takes one envelope at a time', async () => {
    const short = channelOf(1, 1);
    for (const part of await sender.sealAll(P2, 1, bodyOf(2))) expect(await codeOf(receive(part, short))).toBe('input/too-large');
    await receive(await sender.seal(P2, 2, bodyOf(1)), short);
    expect(handled.length).toBe(1);
  });

  it('may be incomplete beside one other, and no more', async () => {
    const firsts: (Envelope | undefined)[] = [];
    for (const round of [1, 2, 3]) firsts.push((await sender.sealAll(P2, round, bodyOf(2)))[0]);
    expect(await codeOf(receive(firsts[0]))).toBe('no error');
    expect(await codeOf(receive(firsts[1]))).toBe('no error');
    expect(await codeOf(receive(firsts[2]))).toBe('session/too-many');
  });

  it('that is forgotten keeps its place: neither it nor another is handled there again', async () => {
    const parts = await sender.sealAll(P2, 1, bodyOf(2));
    for (const part of parts) await receive(part);
    receiver.forget(1);
    expect(await codeOf(receive(parts[1]))).toBe('session/wrong-round');
    expect(await codeOf(receive((await cheat.sealAll(P2, 1, bodyOf(2)))[1]))).toBe('session/conflict');
    expect(handled.length).toBe(1);
  });

  it('says its part in one form', async () => {
    const [part] = await sender.sealAll(P2, 1, bodyOf(2));
    if (part === undefined) throw new Error('a part');
    const lie = (over: object): Envelope => {
      const header = create(EnvelopeHeaderSchema, { ...fromBinary(EnvelopeHeaderSchema, part.header), ...over });
      return create(EnvelopeSchema, { ...part, header: toBinary(EnvelopeHeaderSchema, header) });
    };
    for (const over of [{ parts: 1 }, { parts: 0, part: 1 }, { part: 2 }, { parts: MESSAGE_PARTS_MAX_COUNT + 1 }]) {
      expect(await codeOf(() => readHeader(lie(over)))).toBe('input/malformed');
    }
  });
});
