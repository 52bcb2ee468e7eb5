import { describe, expect, it } from 'vitest';
import type { VerifiedHello } from '../channel/hello.ts';
import { TrefoilError } from '../errors.ts';
import { Protocol } from '../proto/gen/trefoil/v1/channel_pb.js';
import { requireOpening } from './require-opening.ts';

const verdictOf = (protocol: Protocol, party: number, parties: readonly number[], epoch: number): string => {
  const roster = new Map(parties.map((id) => [id, new Uint8Array(32)]));
  try {
    return requireOpening({ protocol, party, roster, epoch } as unknown as VerifiedHello).name;
  } catch (thrown) {
    return thrown instanceof TrefoilError ? thrown.code : String(thrown);
  }
};

describe('a hello', () => {
  it('opens what its ceremony’s row allows', () => {
    expect(verdictOf(Protocol.KEYGEN, 1, [1, 2, 3], 0)).toBe('keygen');
    expect(verdictOf(Protocol.SIGNING, 1, [1, 3], 7)).toBe('signing');
  });

  it('of a node, of other parties or of another epoch opens nothing', () => {
    expect(verdictOf(Protocol.KEYGEN, 2, [1, 2, 3], 0)).toBe('channel/roster-mismatch');
    expect(verdictOf(Protocol.SIGNING, 3, [1, 3], 0)).toBe('channel/roster-mismatch');
    expect(verdictOf(Protocol.SIGNING, 1, [1, 2, 3], 0)).toBe('channel/roster-mismatch');
    expect(verdictOf(Protocol.KEYGEN, 1, [1, 2, 3], 1)).toBe('channel/wrong-epoch');
  });
});
