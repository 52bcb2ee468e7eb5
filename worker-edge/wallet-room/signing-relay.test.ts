/** What the room refuses before any node sees it. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from 'vitest';
import { Channel, makeOneUseKeys } from '#shared/channel/channel.ts';
import { signedBytes } from '#shared/channel/envelope.ts';
import { makeHello, type SessionTerms, verifyHello } from '#shared/channel/hello.ts';
import { type Identity, identityFromSeed } from '#shared/channel/identity.ts';
import { TrefoilError } from '#shared/errors.ts';
import { DEVICE, type Epoch, type PartyId, randomWalletId, type SessionId, type UnixMs } from '#shared/ids.ts';
import { ENVELOPE_MAX_BYTES } from '#shared/limits.ts';
import { type Envelope, EnvelopeHeaderSchema, EnvelopeSchema, Protocol } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import type { PartyClient } from '../upstream/party-client.ts';
import type { AdmittedEnvelope } from './admit-envelope.ts';
import type { RelayContext } from './relay-context.ts';
import type { RoomStore } from './room-store.ts';
import { relayMessage, relaySignature } from './signing-relay.ts';

const [NODE, OTHER] = [2, 3] as PartyId[] as [PartyId, PartyId];

let device: Identity;
let stranger: Identity;
let sessionId: SessionId;
/** A message of the device in two parts, and one in one. */
let parts: [Envelope, Envelope];
let short: Envelope;
let context: RelayContext;
/** Which node was given how many envelopes. */
let given: [PartyId, number][];
/** What the room has written down, in order. */
let written: string[];

beforeEach(async () => {
  const newIdentity = () => identityFromSeed(crypto.getRandomValues(new Uint8Array(32)));
  const identities = new Map([
    [DEVICE, await newIdentity()],
    [NODE, await newIdentity()],
  ]);
  stranger = await newIdentity();
  const terms: SessionTerms = {
    ...{ protocol: Protocol.SIGNING, walletId: randomWalletId(), epoch: 0 as Epoch, threshold: 2 },
    roster: new Map([...identities].map(([party, { publicKey }]) => [party, publicKey])),
  };
  const oneUseKeys = await makeOneUseKeys();
  const oneUseKey = oneUseKeys.publicKey;
  const hellos = await Promise.all(
    [...identities].map(async ([party, identity]) => verifyHello(await makeHello({ terms, party, identity, oneUseKey }))),
  );
  device = identities.get(DEVICE) ?? stranger;
  const ends = { terms, hellos, oneUseKeys, lastRound: 9 };
  const channel = new Channel({ ...ends, self: DEVICE, identity: device });
  const node = new Channel({ ...ends, self: NODE, identity: identities.get(NODE) ?? stranger });
  const reply = await node.seal(DEVICE, 3, new Uint8Array(5));
  const [first, second] = await channel.sealAll(NODE, 2, new Uint8Array(ENVELOPE_MAX_BYTES));
  if (first === undefined || second === undefined) throw new Error('two parts');
  [sessionId, parts, short] = [channel.sessionId, [first, second], await channel.seal(NODE, 3, new Uint8Array(9))];
  [given, written] = [[], []];
  const clientOf = (party: PartyId): PartyClient => ({
    deadlineMs: () => 1000,
    openSession: () => Promise.reject(new Error('not asked')),
    abortSession: () => Promise.reject(new Error('not asked')),
    exchange: async ({ envelopes = [] }) => {
      given.push([party, envelopes.length]);
      written.push('left');
      return { envelopes: [reply] } as never;
    },
  });
  let answer: Envelope | undefined;
  const store: Partial<RoomStore> = {
    deviceIdentity: () => device.publicKey,
    addEvent: () => undefined,
    addRelayed: ([first]) => written.push(`relayed by ${first?.header.from}`),
    addRelease: ({ header }) => written.push(`released to ${header.to}`),
    setReleaseAnswer: (_request: AdmittedEnvelope, { envelope }: AdmittedEnvelope) => {
      answer = envelope;
      written.push('answered');
    },
    releaseAnswer: () => answer,
  };
  context = {
    store: store as RoomStore,
    parties: new Map([NODE, OTHER].map((party) => [party, clientOf(party)])),
    walletId: terms.walletId,
    requestId: 'test',
    clock: () => Date.now() as UnixMs,
  };
});

/** The envelope with another header, signed by the device or by somebody else. */
async function changed(envelope: Envelope, lie: object, by = device): Promise<Envelope> {
  const header = create(EnvelopeHeaderSchema, { ...fromBinary(EnvelopeHeaderSchema, envelope.header), ...lie });
  const moved = { ...envelope, header: toBinary(EnvelopeHeaderSchema, header) };
  return create(EnvelopeSchema, { ...moved, signature: await by.sign(signedBytes(moved)) });
}
const codeOf = (step: Promise<unknown>): Promise<string> =>
  step.then(
    () => 'no error',
    (thrown: unknown) => TrefoilError.from(thrown, 'test').code,
  );

describe('a message of signing', () => {
  it('goes to its node with all its parts', async () => {
    expect(await codeOf(relayMessage(context, sessionId, parts))).toBe('no error');
    expect(given).toEqual([[NODE, 2]]);
    expect(written).toEqual(['relayed by 1', 'left', 'relayed by 2']);
  });

  it('is written down before it leaves, with its answer before that leaves, and the same bytes get the same answer', async () => {
    const first = await relaySignature(context, [short]);
    expect(written).toEqual(['released to 2', 'left', 'answered']);
    expect(await relaySignature(context, [short])).toEqual(first);
    expect(given).toEqual([[NODE, 1]]);
  });

  it('is one message of one session for one node, in order', async () => {
    const [first, second] = parts;
    const lies = [{ to: OTHER }, { round: 3 }, { sessionId: new Uint8Array(32) }, { part: 0 }, { parts: 3 }];
    const seconds = await Promise.all(lies.map((lie) => changed(second, lie)));
    const lists = [...seconds.map((lie) => [first, lie]), [second, first], [first], [first, second, second], []];
    for (const list of lists) expect(await codeOf(relayMessage(context, sessionId, list))).toBe('input/malformed');
    expect(await codeOf(relayMessage(context, 'ab'.repeat(32) as SessionId, parts))).toBe('input/malformed');
    expect(given).toEqual([]);
  });

  it('is refused here when the device did not sign it', async () => {
    const [first, second] = parts;
    const forged = await changed(second, {}, stranger);
    expect(await codeOf(relayMessage(context, sessionId, [first, forged]))).toBe('channel/bad-signature');
    expect(await codeOf(relaySignature(context, [await changed(short, {}, stranger)]))).toBe('channel/bad-signature');
    expect(given).toEqual([]);
  });
});
