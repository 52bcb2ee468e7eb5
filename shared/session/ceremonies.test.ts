import { describe, expect, it } from 'vitest';
import type { PartyId } from '../ids.ts';
import { Protocol } from '../proto/gen/trefoil/v1/channel_pb.js';
import { CEREMONIES, type Ceremony, ceremonyOf, flowOf, lastRoundOf, speakersBefore, speakersOf } from './ceremonies.ts';

const PARTIES = [1, 2, 3] as PartyId[];
/** The device asks one round; the nodes answer it, and then speak among themselves. */
const uneven: Ceremony = {
  ...CEREMONIES[Protocol.KEYGEN],
  rounds: [[{ from: 'device', to: 'node' }], [{ from: 'node', to: 'device' }], [{ from: 'node', to: 'node' }]],
};

describe('the table of ceremonies', () => {
  it('has a row for every protocol of the contract, and none for anything else', () => {
    const numbers = Object.values(Protocol).filter((value) => typeof value === 'number' && value !== Protocol.UNSPECIFIED);
    expect(Object.values(CEREMONIES).map(({ protocol }) => protocol)).toEqual(numbers);
    for (const number of numbers) expect(ceremonyOf(Number(number)).protocol).toBe(number);
    for (const number of [0, -1, 3.5, 9999]) expect(() => ceremonyOf(number)).toThrow('unknown protocol');
  });

  it('puts the parties of a session in the places of its lines', () => {
    const flow = flowOf(uneven, PARTIES).map((round) => [...round]);
    expect(flow).toEqual([
      [[1, [2, 3]]],
      [
        [2, [1]],
        [3, [1]],
      ],
      [
        [2, [3]],
        [3, [2]],
      ],
    ]);
  });

  it('knows who speaks, as the relay and as each party sees it', () => {
    const flow = flowOf(uneven, PARTIES);
    expect(speakersOf(flow)).toEqual([[1], [2, 3], [2, 3]]);
    expect(speakersBefore(flow, 1 as PartyId)).toEqual([[1], [2, 3], []]);
    expect(speakersBefore(flow, 2 as PartyId)).toEqual([[1], [2], [2, 3]]);
  });

  it('counts rounds with their repeats', () => {
    expect(lastRoundOf(CEREMONIES[Protocol.KEYGEN])).toBe(5);
    expect(lastRoundOf(CEREMONIES[Protocol.SIGNING])).toBe(2048);
  });
});
