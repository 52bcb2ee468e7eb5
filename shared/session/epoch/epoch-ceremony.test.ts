import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { TrefoilError } from '#shared/errors.ts';
import type { PartyId, UnixMs } from '#shared/ids.ts';
import { EnvelopeHeaderSchema, Protocol } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { codeOf } from '#test/support/code-of.ts';
import {
  carryAll,
  clock,
  MemoryEpochStore,
  makeCeremony,
  makeChannels,
  makeParties,
  makeTerms,
  makeWallet,
  newIdentity,
} from '#test/support/parties.ts';
import { loadEngine } from '#wasm/js/load-node.ts';
import { CEREMONIES, lastRoundOf } from '../ceremonies.ts';
import { keygenCeremony } from './keygen.ts';

const [P1, P2, P3] = [1, 2, 3] as PartyId[] as [PartyId, PartyId, PartyId];

describe('keygen ceremony', () => {
  it('ends with one public package, durable everywhere before anybody says it', async () => {
    const { ceremonies, stores, shares } = await makeWallet();
    const packages = [...shares.values()].map((share) => Buffer.from(share.publicPackage).toString('hex'));
    expect(new Set(packages).size).toBe(1);
    for (const [party, store] of stores) {
      expect(store.steps).toEqual(['prepare', 'commit', 'complete']);
      expect(store.certificate?.signatures.size).toBe(3);
      expect(ceremonies.get(party)?.state.phase).toBe('FINAL');
    }
  });

  it('commits nobody while one PREPARED is missing', async () => {
    const { ceremonies, stores } = await makeCeremony();
    await carryAll(ceremonies, (envelope) => {
      const { round, from } = fromBinary(EnvelopeHeaderSchema, envelope.header);
      return round === 4 && from === 3 ? undefined : envelope;
    });
    expect(stores.get(P1)?.steps).toEqual(['prepare']);
    expect(stores.get(P2)?.steps).toEqual(['prepare']);
    for (const ceremony of ceremonies.values()) expect(ceremony.outcome.status).toBe('pending');
  });

  it('says PREPARED and COMMITTED only after its store has them', async () => {
    for (const [step, round] of [
      ['prepare', 4],
      ['commit', 5],
    ] as const) {
      const { ceremonies, stores } = await makeCeremony();
      const store = stores.get(P2);
      if (store === undefined) throw new Error('a store');
      store[step] = async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw new Error('the disk is full');
      };
      const said: number[] = [];
      await carryAll(ceremonies, (envelope) => {
        const header = fromBinary(EnvelopeHeaderSchema, envelope.header);
        if (header.from === 2) said.push(header.round);
        return envelope;
      });
      expect(said).toContain(round - 1);
      expect(said).not.toContain(round);
      expect(ceremonies.get(P2)?.outcome.status).toBe('aborted');
      expect(stores.get(P1)?.steps).not.toContain('complete');
    }
  });

  it('is not done before every party has said COMMITTED', async () => {
    const { ceremonies, stores } = await makeCeremony();
    await carryAll(ceremonies, (envelope) => {
      const { round, from, to } = fromBinary(EnvelopeHeaderSchema, envelope.header);
      return round === 5 && from === 3 && to === 1 ? undefined : envelope;
    });
    expect(ceremonies.get(P1)?.outcome.status).toBe('pending');
    expect(stores.get(P1)?.steps).toEqual(['prepare', 'commit']);
    expect(ceremonies.get(P2)?.outcome.status).toBe('done');
  });

  it('aborts by its deadline and names who is missing', async () => {
    let time = 0;
    const { ceremonies } = await makeCeremony(() => time as UnixMs);
    await carryAll(ceremonies, (envelope) => (fromBinary(EnvelopeHeaderSchema, envelope.header).from === 2 ? undefined : envelope));
    time = 5001;
    const device = ceremonies.get(P1);
    device?.tick();
    expect(device?.outcome).toMatchObject({ status: 'aborted', error: { code: 'session/timeout', blame: 'service', culprits: [2] } });
  });

  it('aborts for good on a message that does not hold, and blames its sender', async () => {
    for (let round = 1; round <= lastRoundOf(CEREMONIES[Protocol.KEYGEN]); round += 1) {
      const { ceremonies, terms, parties } = await makeCeremony();
      const [, cheat] = await makeChannels(terms, parties);
      const forged = await cheat?.seal(P1, round, new Uint8Array([0xff, 1, 2, 3]));
      const errors = await carryAll(ceremonies, (envelope) => {
        const header = fromBinary(EnvelopeHeaderSchema, envelope.header);
        return header.from === 2 && header.to === 1 && header.round === round ? forged : envelope;
      });
      const error = errors.get(P1);
      expect(error).toBeInstanceOf(TrefoilError);
      expect((error as TrefoilError).culprits).toEqual([2]);
      expect(ceremonies.get(P1)?.outcome.status).toBe('aborted');
    }
  });

  it('does not begin when the edge swaps an identity or a one-use key', async () => {
    for (const victim of [P1, P2, P3]) {
      const { terms, identities } = await makeTerms();
      const parties = await makeParties(terms, identities);
      const edge = await newIdentity();
      const others = parties.filter((party) => party.id !== victim);
      const underItsIdentity = { ...terms, roster: new Map(terms.roster).set(victim, edge.publicKey) };
      const [swapped] = await makeParties(underItsIdentity, new Map([[victim, edge]]));
      if (swapped === undefined) throw new Error('a swapped party');
      expect(await codeOf(makeChannels(terms, [...others, swapped]))).toBe('channel/roster-mismatch');
      // With the victim's identity left in place the edge has no key to sign its own one-use key with.
      const [unsigned] = await makeParties(terms, new Map([[victim, { ...edge, publicKey: terms.roster.get(victim) ?? edge.publicKey }]]));
      if (unsigned === undefined) throw new Error('an unsigned party');
      expect(await codeOf(makeChannels(terms, [...others, unsigned]))).toBe('channel/bad-signature');
    }
  });

  it('refuses the messages of parties whose hellos were replaced by others of the same identity', async () => {
    const engine = await loadEngine();
    const { terms, identities } = await makeTerms();
    const first = await makeParties(terms, identities);
    const second = await makeParties(terms, identities);
    const [mine] = await makeChannels(terms, first);
    const [, theirs] = await makeChannels(terms, [...first.slice(0, 1), ...second.slice(1)]);
    if (mine === undefined || theirs === undefined) throw new Error('channels');
    const ceremony = keygenCeremony({ engine, channel: mine, store: new MemoryEpochStore(), threshold: 2, roundMs: 5000, clock });
    await ceremony.start();
    const envelope = await theirs.seal(P1, 1, new Uint8Array([1]));
    expect(await codeOf(ceremony.receive(envelope))).toBe('channel/wrong-session');
    expect(ceremony.outcome.status).toBe('pending');
  });
});
