/** Threshold ECDSA against its peer, 2-of-3, in the same process and in turns. The peer has no batches: it presigns one at a time. */
import { KeygenSession, Keyshare, type Message, SignSession } from '@silencelaboratories/dkls-wasm-ll-node';
import type { Engine, KeyShare } from '#shared/ports/engine.ts';
import {
  createShares,
  deliverAll,
  type PresignaturePair,
  partyIds,
  presignPair,
  presignRuns,
  resultOf,
} from '#test/support/engine-runs.ts';
import { loadEngine } from '#wasm/js/load-node.ts';
import { initSync } from '#wasm/pkg/trefoil.js';
import { type BenchRow, compared, median } from './row.ts';

const PEER = '@silencelaboratories/dkls-wasm-ll-node';
const ROSTER = partyIds(1, 2, 3);
const THRESHOLD = 2;
const SIGNERS = 2;
const BATCH = 32;
const BATCH_RUNS = 9;
const SINGLE_RUNS = 15;
const ONLINE_RUNS = 64;
const WARM_UP_RUNS = 3;
const MEGABYTE = 1_000_000;
const KEY_PATH = 'm';

/** Time of one party, and bytes that one party sends. */
interface Measured {
  readonly ms: number;
  readonly bytes: number;
}

/** Our two signers, and the peer's. */
interface Wallets {
  readonly engine: Engine;
  readonly ours: readonly [KeyShare, KeyShare];
  /** A session of the peer consumes its share: these are the bytes of it. */
  readonly peer: readonly Uint8Array[];
}

/** Every row of threshold ECDSA. */
export async function benchEcdsa(): Promise<BenchRow[]> {
  const engine = await loadEngine();
  const [device, node] = createShares(engine, ROSTER, THRESHOLD) as [KeyShare, KeyShare];
  const wallets: Wallets = { engine, ours: [device, node], peer: peerShares() };
  const memory = benchMemory(wallets);
  const [device32, peer32] = benchPresign(wallets, BATCH, BATCH_RUNS);
  const [device1, peer1] = benchPresign(wallets, 1, SINGLE_RUNS);
  const [deviceOnline, peerOnline] = benchOnline(wallets);
  const ms = (runs: readonly Measured[]): number[] => runs.map((run) => run.ms);
  const bytes = (presign: readonly Measured[], online: readonly Measured[]): number[] => [
    median(presign.map((run) => run.bytes)) + median(online.map((run) => run.bytes)),
  ];
  return [
    compared('ecdsa.presign.batch32', 'ms', ms(device32), ms(peer32), PEER),
    compared('ecdsa.presign.single', 'ms', ms(device1), ms(peer1), PEER),
    compared('ecdsa.online', 'ms', ms(deviceOnline), ms(peerOnline), PEER),
    compared('ecdsa.bytesPerSignature', 'B', bytes(device32, deviceOnline), bytes(peer32, peerOnline), PEER),
    compared('ecdsa.shareBytes', 'B', [device.encode().length], [wallets.peer[0]?.length ?? 0], PEER),
    memory,
  ];
}

/** Presigning in turns, for each party and presignature. A batch of ours is compared with the mean of two sessions of the peer. */
function benchPresign({ engine, ours, peer }: Wallets, count: number, runs: number): [Measured[], Measured[]] {
  const [mine, theirs]: [Measured[], Measured[]] = [[], []];
  for (let run = 0; run < WARM_UP_RUNS + runs; run += 1) {
    const first = peerPresign(peer);
    const batch = ourPresign(engine, ours, count);
    const second = peerPresign(peer);
    for (const session of [...first.sessions, ...second.sessions]) session.free();
    if (run < WARM_UP_RUNS) continue;
    mine.push(batch);
    theirs.push({ ms: (first.ms + second.ms) / 2, bytes: first.bytes });
  }
  return [mine, theirs];
}

function ourPresign(engine: Engine, shares: readonly KeyShare[], count: number): Measured {
  const started = performance.now();
  const runs = presignRuns(engine, shares, count);
  const sent = [...deliverAll(runs).values()];
  const ms = (performance.now() - started) / SIGNERS / count;
  for (const presignature of [...runs.values()].flatMap(resultOf)) presignature.free();
  return { ms, bytes: sent.reduce((sum, bytes) => sum + bytes, 0) / SIGNERS / count };
}

/** Delivers to both sessions what the other one sent. */
function exchange<T>(messages: readonly Message[], receive: (id: number, received: Message[]) => T): T[] {
  return [0, 1].map((id) =>
    receive(
      id,
      messages.filter((message) => message.from_id !== id).map((message) => message.clone()),
    ),
  );
}

/** A message to all counts once for each receiver, on both sides. */
const sizeOf = (messages: readonly Message[]): number => messages.reduce((sum, message) => sum + message.payload.length, 0);

function peerPresign(shares: readonly Uint8Array[]): Measured & { sessions: SignSession[] } {
  const keyshares = shares.map((share) => Keyshare.fromBytes(share));
  const started = performance.now();
  const sessions = keyshares.map((keyshare) => new SignSession(keyshare, KEY_PATH));
  const next = (messages: Message[]): Message[] =>
    exchange(messages, (id, received) => sessions[id]?.handleMessages(received) ?? []).flat();
  const first = sessions.map((session) => session.createFirstMessage());
  const second = next(first);
  const third = next(second);
  next(third);
  const ms = (performance.now() - started) / SIGNERS;
  const bytes = [first, second, third].reduce((sum, messages) => sum + sizeOf(messages), 0) / SIGNERS;
  for (const message of [...first, ...second, ...third]) message.free();
  return { ms, bytes, sessions };
}

const digestOf = (run: number): Uint8Array => new Uint8Array(32).fill(run + 1);

/** Compute of the party that combines and verifies, while somebody waits. */
function benchOnline({ engine, ours, peer }: Wallets): [Measured[], Measured[]] {
  const [mine, theirs]: [Measured[], Measured[]] = [[], []];
  const batches = Array.from({ length: Math.ceil((ONLINE_RUNS + WARM_UP_RUNS) / BATCH) }, () => presignPair(engine, ...ours, BATCH));
  for (const [run, pair] of batches
    .flat()
    .slice(0, ONLINE_RUNS + WARM_UP_RUNS)
    .entries()) {
    const measured = [ourOnline(engine, ours, pair, digestOf(run)), peerOnline(peer, digestOf(run))] as const;
    if (run < WARM_UP_RUNS) continue;
    mine.push(measured[0]);
    theirs.push(measured[1]);
  }
  return [mine, theirs];
}

function ourOnline(engine: Engine, [device, node]: Wallets['ours'], [asks, helps]: PresignaturePair, digest: Uint8Array): Measured {
  const helping = engine.respondEcdsa({ share: node, presignature: helps, path: [], digest, initiator: device.party });
  helping.start();
  const started = performance.now();
  const asking = engine.initiateEcdsa({ share: device, presignature: asks, path: [], digest, responder: node.party });
  const [ask] = asking.start();
  const askedAt = performance.now();
  if (ask === undefined) throw new Error('nothing was asked');
  const [reply] = helping.receive(device.party, ask.round, ask.payload);
  if (reply === undefined) throw new Error('nobody answered');
  const repliedAt = performance.now();
  asking.receive(node.party, reply.round, reply.payload);
  const ms = performance.now() - repliedAt + (askedAt - started);
  resultOf(asking);
  return { ms, bytes: (ask.payload.length + reply.payload.length) / SIGNERS };
}

function peerOnline(shares: readonly Uint8Array[], digest: Uint8Array): Measured {
  const [device, node] = peerPresign(shares).sessions as [SignSession, SignSession];
  const answer = node.lastMessage(digest);
  const started = performance.now();
  const own = device.lastMessage(digest);
  device.combine([answer.clone()]);
  const ms = performance.now() - started;
  const bytes = sizeOf([own, answer]) / SIGNERS;
  for (const handle of [own, answer, node]) handle.free();
  return { ms, bytes };
}

/** The module's memory never shrinks. Both parties of a batch are in it here; in a product it is one. */
function benchMemory({ engine, ours }: Wallets): BenchRow {
  ourPresign(engine, ours, BATCH);
  const bytes = initSync({ module: new Uint8Array() }).memory.buffer.byteLength;
  return { id: 'ecdsa.memoryMb', unit: 'MB', ours: bytes / MEGABYTE, peer: null, peerName: null, ratio: null, runs: 1 };
}

/** Two shares of a fresh key of the peer's. */
function peerShares(): Uint8Array[] {
  const parties = ROSTER.map((_, id) => new KeygenSession(ROSTER.length, THRESHOLD, id));
  const received = (messages: Message[], id: number): Message[] =>
    messages
      .filter((message) => message.from_id !== id && (message.to_id === undefined || message.to_id === id))
      .map((message) => message.clone());
  const first = parties.map((party) => party.createFirstMessage());
  const second = parties.flatMap((party, id) => party.handleMessages(received(first, id)));
  const commitments = parties.map((party) => party.calculateChainCodeCommitment());
  const third = parties.flatMap((party, id) => party.handleMessages(received(second, id)));
  const fourth = parties.flatMap((party, id) => party.handleMessages(received(third, id), commitments));
  for (const [id, party] of parties.entries()) party.handleMessages(received(fourth, id));
  return parties.slice(0, SIGNERS).map((party) => {
    const share = party.keyshare();
    const encoded = share.toBytes();
    share.free();
    return encoded;
  });
}
