/** Three parties of a wallet in one process, each with its own identity, channel and real engine: the edge is whoever calls. */
import { Channel, makeOneUseKeys, type OneUseKeys } from '#shared/channel/channel.ts';
import { readHeader } from '#shared/channel/envelope.ts';
import { makeHello, type Roster, type SessionTerms, type VerifiedHello, verifyHello } from '#shared/channel/hello.ts';
import { type Identity, identityFromSeed } from '#shared/channel/identity.ts';
import { type Epoch, type PartyId, randomWalletId, type UnixMs } from '#shared/ids.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { KeyShare } from '#shared/ports/engine.ts';
import type { CommitCertificate, EpochRecord, EpochStore } from '#shared/ports/epoch-store.ts';
import { type Envelope, Protocol, type SignedHello } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { CEREMONIES, lastRoundOf } from '#shared/session/ceremonies.ts';
import type { EpochCeremony } from '#shared/session/epoch/epoch-ceremony.ts';
import { keygenCeremony } from '#shared/session/epoch/keygen.ts';
import { loadEngine } from '#wasm/js/load-node.ts';

export const clock = (): UnixMs => Date.now() as UnixMs;

/** A party before a session. */
export interface TestParty {
  readonly id: PartyId;
  readonly identity: Identity;
  readonly oneUseKeys: OneUseKeys;
  readonly hello: SignedHello;
}

export const newIdentity = (): Promise<Identity> => identityFromSeed(crypto.getRandomValues(new Uint8Array(32)));

/** Identities and agreed terms of a session of the given parties. */
export async function makeTerms(
  ids: readonly number[] = [1, 2, 3],
  over: Partial<SessionTerms> = {},
): Promise<{ terms: SessionTerms; identities: Map<PartyId, Identity> }> {
  const identities = new Map<PartyId, Identity>();
  for (const id of ids) identities.set(id as PartyId, await newIdentity());
  const roster: Roster = new Map([...identities].map(([id, identity]) => [id, identity.publicKey]));
  return { identities, terms: { protocol: Protocol.KEYGEN, walletId: randomWalletId(), epoch: 0 as Epoch, roster, threshold: 2, ...over } };
}

export async function makeParties(terms: SessionTerms, identities: ReadonlyMap<PartyId, Identity>): Promise<TestParty[]> {
  return Promise.all(
    [...identities].map(async ([id, identity]) => {
      const oneUseKeys = await makeOneUseKeys();
      return { id, identity, oneUseKeys, hello: await makeHello({ terms, party: id, identity, oneUseKey: oneUseKeys.publicKey }) };
    }),
  );
}

export async function makeChannels(
  terms: SessionTerms,
  parties: readonly TestParty[],
  lastRound = lastRoundOf(CEREMONIES[Protocol.KEYGEN]),
): Promise<Channel[]> {
  const hellos: VerifiedHello[] = await Promise.all(parties.map(({ hello }) => verifyHello(hello)));
  return parties.map(({ id, identity, oneUseKeys }) => new Channel({ terms, hellos, self: id, identity, oneUseKeys, lastRound }));
}

/** An epoch store in memory that remembers the order of its steps. */
export class MemoryEpochStore implements EpochStore {
  readonly steps: string[] = [];
  record: EpochRecord | undefined;
  certificate: CommitCertificate | undefined;

  async prepare(record: EpochRecord): Promise<void> {
    this.steps.push('prepare');
    this.record = { ...record, share: record.share.slice() };
  }

  async commit(certificate: CommitCertificate): Promise<void> {
    this.steps.push('commit');
    this.certificate = certificate;
  }

  async complete(): Promise<void> {
    this.steps.push('complete');
  }
}

/** A ceremony of three parties, ready to start. */
export interface TestCeremony {
  readonly terms: SessionTerms;
  readonly parties: TestParty[];
  readonly channels: Channel[];
  readonly ceremonies: Map<PartyId, EpochCeremony>;
  readonly stores: Map<PartyId, MemoryEpochStore>;
}

export async function makeCeremony(tells: Clock = clock): Promise<TestCeremony> {
  const engine = await loadEngine();
  const { terms, identities } = await makeTerms();
  const parties = await makeParties(terms, identities);
  const channels = await makeChannels(terms, parties);
  const stores = new Map(channels.map((channel) => [channel.self, new MemoryEpochStore()]));
  const ceremonies = new Map(
    channels.map((channel) => {
      const store = stores.get(channel.self) ?? new MemoryEpochStore();
      return [channel.self, keygenCeremony({ engine, channel, store, threshold: 2, roundMs: 5000, clock: tells })];
    }),
  );
  return { terms, parties, channels, ceremonies, stores };
}

/**
 * Carries envelopes until nobody has anything left to say.
 * @param meddle may change, drop (undefined) or keep each envelope on its way
 * @returns the errors that parties threw, by party
 */
export async function carryAll(
  ceremonies: ReadonlyMap<PartyId, EpochCeremony>,
  meddle: (envelope: Envelope) => Envelope | undefined = (envelope) => envelope,
): Promise<Map<PartyId, unknown>> {
  const errors = new Map<PartyId, unknown>();
  const queue: Envelope[] = [];
  for (const ceremony of ceremonies.values()) queue.push(...(await ceremony.start()));
  for (let envelope = queue.shift(); envelope !== undefined; envelope = queue.shift()) {
    const carried = meddle(envelope);
    if (carried === undefined) continue;
    const { to } = readHeader(envelope);
    try {
      queue.push(...((await ceremonies.get(to)?.receive(carried)) ?? []));
    } catch (error) {
      if (!errors.has(to)) errors.set(to, error);
    }
  }
  return errors;
}

/** A wallet made by three parties in this process. */
export async function makeWallet(): Promise<TestCeremony & { shares: Map<PartyId, KeyShare> }> {
  const ceremony = await makeCeremony();
  await carryAll(ceremony.ceremonies);
  const shares = new Map<PartyId, KeyShare>();
  for (const [party, { outcome }] of ceremony.ceremonies) {
    if (outcome.status !== 'done') throw new Error(`party ${party} is ${outcome.status}`);
    shares.set(party, outcome.result);
  }
  return { ...ceremony, shares };
}
