/** Whole ceremonies with every party in one process: for tests and benchmarks, never in a product. */
import type { PartyId } from '#shared/ids.ts';
import type { Engine, FrostSuite, KeyShare, Machine, Outgoing, Path, Presignature, PresignRun } from '#shared/ports/engine.ts';

/** Every party's outcome of a run, in the order of the roster. */
export type Runs<T> = ReadonlyMap<PartyId, Machine<T>>;

/** Numbers as party ids. */
export const partyIds = (...ids: number[]): PartyId[] => ids as PartyId[];

/**
 * Delivers everybody's messages round by round until nobody has more to say.
 * @param observe sees, and may replace, each payload
 * @returns the payload bytes that each party sent, one copy for each receiver
 */
export function deliverAll<T>(
  runs: Runs<T>,
  observe: (from: PartyId, to: PartyId, message: Outgoing) => Uint8Array = (_from, _to, message) => message.payload,
): Map<PartyId, number> {
  const sentBytes = new Map<PartyId, number>();
  let round = [...runs].map(([from, run]) => ({ from, messages: run.start() }));
  while (round.some(({ messages }) => messages.length > 0)) {
    const replies = new Map([...runs.keys()].map((party) => [party, [] as Outgoing[]]));
    for (const { from, messages } of round) {
      for (const message of messages) {
        for (const [to, run] of runs) {
          if (to === from || (message.to !== 0 && message.to !== to)) continue;
          const payload = observe(from, to, message);
          sentBytes.set(from, (sentBytes.get(from) ?? 0) + payload.length);
          replies.get(to)?.push(...run.receive(from, message.round, payload));
        }
      }
    }
    round = [...replies].map(([from, messages]) => ({ from, messages }));
  }
  return sentBytes;
}

/** The result of a run that must be done. @throws the run's error, or an Error while it is pending */
export function resultOf<T>(run: Machine<T>): T {
  const outcome = run.outcome();
  if (outcome.status === 'done') return outcome.result;
  throw outcome.status === 'aborted' ? outcome.error : new Error('the run is pending');
}

/** Key generation runs of all parties. */
export function keygenRuns(engine: Engine, roster: readonly PartyId[], threshold: number, context = new Uint8Array(32)): Runs<KeyShare> {
  return new Map(roster.map((party) => [party, engine.keygen({ party, roster, threshold, context })]));
}

/** The shares of a fresh wallet, in the order of the roster. */
export function createShares(engine: Engine, roster: readonly PartyId[], threshold: number): KeyShare[] {
  const runs = keygenRuns(engine, roster, threshold);
  deliverAll(runs);
  return [...runs.values()].map(resultOf);
}

/** The path of the master keys. */
const MASTER: Path = [];

/** A FROST signature of two parties. */
export function sign(
  engine: Engine,
  initiator: KeyShare,
  responder: KeyShare,
  suite: FrostSuite,
  digest: Uint8Array,
  path: Path = MASTER,
): Uint8Array {
  const nonces = engine.commit(responder, suite);
  const responderCommitments = nonces.commitments;
  const asking = engine.initiate({ share: initiator, suite, path, digest, responder: responder.party, responderCommitments });
  const helping = engine.respond({ share: responder, nonces, path, digest, initiator: initiator.party });
  deliverBetween(initiator, asking, responder, helping);
  return resultOf(asking);
}

function deliverBetween(initiator: KeyShare, asking: Machine<unknown>, responder: KeyShare, helping: Machine<unknown>): void {
  deliverAll<unknown>(
    new Map<PartyId, Machine<unknown>>([
      [initiator.party, asking],
      [responder.party, helping],
    ]),
  );
}

/** Presigning runs of some shares' parties; the context is random, as a session's is. */
export function presignRuns(
  engine: Engine,
  shares: readonly KeyShare[],
  count: number,
  context = crypto.getRandomValues(new Uint8Array(32)),
): ReadonlyMap<PartyId, PresignRun> {
  const signers = shares.map(({ party }) => party);
  return new Map(shares.map((share) => [share.party, engine.presign({ share, signers, count, context })]));
}

/** One presignature as its two signers hold it. */
export type PresignaturePair = readonly [initiator: Presignature, responder: Presignature];

/** A batch of presignatures of two parties, in the order of its indices. */
export function presignPair(engine: Engine, initiator: KeyShare, responder: KeyShare, count: number): PresignaturePair[] {
  const runs = presignRuns(engine, [initiator, responder], count);
  deliverAll(runs);
  const [ours, theirs] = [...runs.values()].map(resultOf) as [Presignature[], Presignature[]];
  return ours.map((presignature, index) => [presignature, theirs[index] as Presignature]);
}

/** An ECDSA signature of two parties: r, s and the recovery id. Consumes both presignatures. */
export function signEcdsa(
  engine: Engine,
  initiator: KeyShare,
  responder: KeyShare,
  [asks, helps]: PresignaturePair,
  digest: Uint8Array,
  path: Path = MASTER,
): Uint8Array {
  const asking = engine.initiateEcdsa({ share: initiator, presignature: asks, path, digest, responder: responder.party });
  const helping = engine.respondEcdsa({ share: responder, presignature: helps, path, digest, initiator: initiator.party });
  deliverBetween(initiator, asking, responder, helping);
  return resultOf(asking);
}
