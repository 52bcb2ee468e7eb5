/** A made-up ceremony in which not everybody speaks in every round: the device greets, the nodes answer it, then all commit. */
import { describe, expect, it } from 'vitest';
import type { Channel } from '#shared/channel/channel.ts';
import { DEVICE, type PartyId, type UnixMs } from '#shared/ids.ts';
import type { KeyShare, Machine, Outgoing } from '#shared/ports/engine.ts';
import { Protocol } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { carryAll, MemoryEpochStore, makeChannels, makeParties, makeTerms, makeWallet } from '#test/support/parties.ts';
import { CEREMONIES, type Ceremony, type Round } from '../ceremonies.ts';
import { EpochCeremony } from './epoch-ceremony.ts';

const ALL: Round = [{ from: 'all', to: 'all' }];
const greeting: Ceremony = {
  ...CEREMONIES[Protocol.KEYGEN],
  rounds: [[{ from: 'device', to: 'node' }], [{ from: 'node', to: 'device' }], ALL, ALL],
};

/** The device says something in round 1, each node in round 2. */
function machineOf(share: KeyShare, { self, peers }: Channel): Machine<KeyShare> {
  const isDevice = self === DEVICE;
  const say = (round: number): Outgoing[] => [{ to: 0, round, payload: Uint8Array.of(round) }];
  let heard = 0;
  return {
    start: () => (isDevice ? say(1) : []),
    receive: (_from, round) => {
      heard += 1;
      return round === 1 ? say(2) : [];
    },
    outcome: () => (heard === (isDevice ? peers.length : 1) ? { status: 'done', result: share } : { status: 'pending' }),
    free: () => undefined,
  };
}

async function greetings(clock: () => number): Promise<Map<PartyId, EpochCeremony>> {
  const { shares } = await makeWallet();
  const { terms, identities } = await makeTerms();
  const channels = await makeChannels(terms, await makeParties(terms, identities));
  const ceremonies = new Map<PartyId, EpochCeremony>();
  for (const channel of channels) {
    const share = shares.get(channel.self);
    if (share === undefined) throw new Error('a share');
    const options = { ceremony: greeting, machine: machineOf(share, channel), channel, store: new MemoryEpochStore(), roundMs: 1000 };
    ceremonies.set(channel.self, new EpochCeremony({ ...options, clock: () => clock() as UnixMs }));
  }
  return ceremonies;
}

describe('a ceremony with rounds in which only some speak', () => {
  it('ends committed everywhere', async () => {
    const ceremonies = await greetings(() => 0);
    expect(await carryAll(ceremonies)).toEqual(new Map());
    for (const ceremony of ceremonies.values()) expect(ceremony.state.phase).toBe('FINAL');
  });

  it('blames at its deadline those alone who were to speak', async () => {
    let time = 0;
    const ceremonies = await greetings(() => time);
    await carryAll(ceremonies, () => undefined);
    time = 1000;
    const culprits = [2, 3].map((party) => {
      const ceremony = ceremonies.get(party as PartyId);
      ceremony?.tick();
      return ceremony?.outcome;
    });
    for (const outcome of culprits) expect(outcome).toMatchObject({ status: 'aborted', error: { culprits: [DEVICE] } });
  });
});
