/**
 * Every protocol that a session can run, in one table: who takes part, who starts, at which epoch, and who speaks to whom in each
 * round. Device, gateway and nodes all read it here, so a new ceremony is a row of this table and a file that runs it.
 */
import { TrefoilError } from '../errors.ts';
import { DEVICE, type Epoch, type PartyId } from '../ids.ts';
import { Protocol } from '../proto/gen/trefoil/v1/channel_pb.js';

/** A protocol that this version runs. */
export type KnownProtocol = Exclude<Protocol, Protocol.UNSPECIFIED>;

/** What a party is in a session. */
export type Role = 'device' | 'node';

/** Whoever has the role `from` sends a message to each other party that has the role `to`. */
export interface Line {
  readonly from: Role | 'all';
  readonly to: Role | 'all';
}

/** Everything that is said in a round. A party that no line names is silent in it, and rightly so. */
export type Round = readonly Line[];

export interface Ceremony {
  readonly protocol: KnownProtocol;
  /** In logs and events. */
  readonly name: string;
  /**
   * `epoch`: the parties make a new epoch of the wallet together, round by round, until all have committed.
   * `signing`: a device and a node; each request of the device is a round of its own, with its answer.
   */
  readonly kind: 'epoch' | 'signing';
  /** Whose hello opens the session. */
  readonly startedBy: Role;
  /** Who else is in the roster. */
  readonly with: 'every-node' | 'one-node';
  /** `first`: it makes a wallet, which begins with epoch {@link FIRST_EPOCH}. `current`: the wallet's committed epoch. */
  readonly epoch: 'first' | 'current';
  readonly rounds: readonly Round[];
  /** How often the rounds may be gone through in one session. */
  readonly repeats: number;
}

/** The epoch of a wallet that was just made. */
export const FIRST_EPOCH = 0 as Epoch;

const ALL_TO_ALL: Round = [{ from: 'all', to: 'all' }];
const ASK_AND_ANSWER: Round = [
  { from: 'device', to: 'node' },
  { from: 'node', to: 'device' },
];

/** The table. */
export const CEREMONIES: Readonly<Record<KnownProtocol, Ceremony>> = {
  [Protocol.KEYGEN]: {
    protocol: Protocol.KEYGEN,
    name: 'keygen',
    kind: 'epoch',
    startedBy: 'device',
    with: 'every-node',
    epoch: 'first',
    // Commitments, shares, echo, PREPARED, COMMITTED.
    rounds: [ALL_TO_ALL, ALL_TO_ALL, ALL_TO_ALL, ALL_TO_ALL, ALL_TO_ALL],
    repeats: 1,
  },
  [Protocol.SIGNING]: {
    protocol: Protocol.SIGNING,
    name: 'signing',
    kind: 'signing',
    startedBy: 'device',
    with: 'one-node',
    epoch: 'current',
    rounds: [ASK_AND_ANSWER],
    // Both sides remember a hash for each; a device opens a new session when they are used up.
    repeats: 2048,
  },
};

/** The row of a protocol. @throws TrefoilError `input/malformed` for a number that is none */
export function ceremonyOf(protocol: number): Ceremony {
  const known = Object.values(CEREMONIES).find((ceremony) => ceremony.protocol === protocol);
  if (known === undefined) throw new TrefoilError('input/malformed', { operation: 'ceremonyOf', detail: 'unknown protocol' });
  return known;
}

/** The number of the last round that a message of the session may have. */
export const lastRoundOf = ({ rounds, repeats }: Ceremony): number => rounds.length * repeats;

/** For each round, who speaks, and to whom. */
export type Flow = readonly ReadonlyMap<PartyId, readonly PartyId[]>[];

/** A ceremony's lines with the parties of a session in their places. */
export function flowOf({ rounds }: Ceremony, parties: readonly PartyId[]): Flow {
  const has = (party: PartyId, role: Role | 'all'): boolean => role === 'all' || role === roleOf(party);
  return rounds.map((lines) => {
    const heard = parties.map((from): [PartyId, PartyId[]] => [
      from,
      parties.filter((to) => to !== from && lines.some((line) => has(from, line.from) && has(to, line.to))),
    ]);
    return new Map(heard.filter(([, receivers]) => receivers.length > 0));
  });
}

/** What a party is: the device stands at its one point, everybody else is a node. */
export const roleOf = (party: PartyId): Role => (party === DEVICE ? 'device' : 'node');

/** Who speaks in each round, as a relay sees it: everybody's messages pass through it. */
export const speakersOf = (flow: Flow): PartyId[][] => flow.map((round) => [...round.keys()]);

/** Who speaks in each round as `self` sees it: those who speak to it, and itself. */
export const speakersBefore = (flow: Flow, self: PartyId): PartyId[][] =>
  flow.map((round) => [...round].filter(([from, to]) => from === self || to.includes(self)).map(([from]) => from));
