/** The engine against its peers, in the same process and in turns. */
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { ed25519_FROST } from '@noble/curves/ed25519.js';
import { schnorr_FROST } from '@noble/curves/secp256k1.js';
import { KeygenSession, type Message } from '@silencelaboratories/dkls-wasm-ll-node';
import type { Engine, FrostSuite, KeyShare } from '#shared/ports/engine.ts';
import { createShares, deliverAll, keygenRuns, partyIds, resultOf } from '#test/support/engine-runs.ts';
import { loadEngine } from '#wasm/js/load-node.ts';
import { type BenchRow, compared } from './row.ts';

const ROSTER = partyIds(1, 2, 3);
const THRESHOLD = 2;
const KEYGEN_RUNS = 7;
const SHARE_RUNS = 60;
const WARM_UP_RUNS = 10;
const DKLS = '@silencelaboratories/dkls-wasm-ll-node';
const NOBLE = '@noble/curves FROST';

interface Measured {
  readonly ms: number;
  readonly bytes: number;
}

/** Every row of the engine. The peer's key generation makes one key, ours three. */
export async function benchEngine(): Promise<BenchRow[]> {
  const engine = await loadEngine();
  return [...benchKeygen(engine), benchShare(engine, 'ed25519'), benchShare(engine, 'taproot'), benchSize()];
}

function benchKeygen(engine: Engine): BenchRow[] {
  const [ours, peer]: [Measured[], Measured[]] = [[], []];
  for (let run = 0; run < WARM_UP_RUNS; run += 1) ourKeygen(engine);
  peerKeygen();
  for (let run = 0; run < KEYGEN_RUNS; run += 1) {
    ours.push(ourKeygen(engine));
    peer.push(peerKeygen());
  }
  const column = (measured: Measured[], name: keyof Measured) => measured.map((run) => run[name]);
  return [
    compared('dkg.all.perParty', 'ms', column(ours, 'ms'), column(peer, 'ms'), DKLS),
    compared('dkg.all.bytesPerParty', 'B', column(ours, 'bytes'), column(peer, 'bytes'), DKLS),
  ];
}

/** Compute and traffic of one of the three parties, all three keys. */
function ourKeygen(engine: Engine): Measured {
  const started = performance.now();
  const runs = keygenRuns(engine, ROSTER, THRESHOLD);
  const sent = deliverAll(runs);
  const ms = (performance.now() - started) / ROSTER.length;
  for (const run of runs.values()) resultOf(run).free();
  return { ms, bytes: [...sent.values()].reduce((sum, bytes) => sum + bytes, 0) / ROSTER.length };
}

/** The same for the peer's one key; a message to all counts once for each receiver on both sides. */
function peerKeygen(): Measured {
  let bytes = 0;
  const started = performance.now();
  const parties = ROSTER.map((_, id) => new KeygenSession(ROSTER.length, THRESHOLD, id));
  const received = (messages: Message[], id: number): Message[] =>
    messages
      .filter((message) => message.from_id !== id && (message.to_id === undefined || message.to_id === id))
      .map((message) => {
        bytes += message.payload.length;
        return message.clone();
      });
  const first = parties.map((party) => party.createFirstMessage());
  const second = parties.flatMap((party, id) => party.handleMessages(received(first, id)));
  const commitments = parties.map((party) => party.calculateChainCodeCommitment());
  const third = parties.flatMap((party, id) => party.handleMessages(received(second, id)));
  const fourth = parties.flatMap((party, id) => party.handleMessages(received(third, id), commitments));
  for (const [id, party] of parties.entries()) party.handleMessages(received(fourth, id));
  const ms = (performance.now() - started) / ROSTER.length;
  for (const party of parties) party.keyshare().free();
  for (const message of [...first, ...second, ...third, ...fourth]) message.free();
  return { ms, bytes: bytes / ROSTER.length };
}

/** The responder's signature share: what a node computes while somebody waits. */
function benchShare(engine: Engine, suite: FrostSuite): BenchRow {
  const [initiator, responder] = createShares(engine, ROSTER, THRESHOLD) as [KeyShare, KeyShare];
  const peerShare = peerResponder(suite);
  const [ours, peer]: [number[], number[]] = [[], []];
  for (let run = 0; run < WARM_UP_RUNS + SHARE_RUNS; run += 1) {
    const measured = [ourShare(engine, initiator, responder, suite, run), peerShare(run)] as const;
    if (run < WARM_UP_RUNS) continue;
    ours.push(measured[0]);
    peer.push(measured[1]);
  }
  return compared(`frost.${suite}.share`, 'ms', ours, peer, NOBLE);
}

const digestOf = (run: number): Uint8Array => new Uint8Array(32).fill(run + 1);

function ourShare(engine: Engine, initiator: KeyShare, responder: KeyShare, suite: FrostSuite, run: number): number {
  const digest = digestOf(run);
  const nonces = engine.commit(responder, suite);
  const asking = engine.initiate({
    share: initiator,
    suite,
    path: [],
    digest,
    responder: responder.party,
    responderCommitments: nonces.commitments,
  });
  const [request] = asking.start();
  if (request === undefined) throw new Error('no request');
  const started = performance.now();
  const helping = engine.respond({ share: responder, nonces, path: [], digest, initiator: initiator.party });
  helping.start();
  const [answer] = helping.receive(initiator.party, request.round, request.payload);
  const ms = performance.now() - started;
  if (answer === undefined) throw new Error('no answer');
  asking.receive(responder.party, answer.round, answer.payload);
  resultOf(asking);
  return ms;
}

function peerResponder(suite: FrostSuite): (run: number) => number {
  const frost = suite === 'taproot' ? schnorr_FROST : ed25519_FROST;
  const dealt = frost.trustedDealer({ min: THRESHOLD, max: ROSTER.length });
  const [initiator, responder] = ROSTER.map((party) => dealt.secretShares[frost.Identifier.fromNumber(party)]);
  if (initiator === undefined || responder === undefined) throw new Error('the dealer dealt to others');
  return (run) => {
    const [asked, offered] = [frost.commit(initiator), frost.commit(responder)];
    const started = performance.now();
    frost.signShare(responder, dealt.public, offered.nonces, [asked.commitments, offered.commitments], digestOf(run));
    return performance.now() - started;
  };
}

function benchSize(): BenchRow {
  const module = readFileSync(new URL('../wasm/pkg/trefoil_bg.wasm', import.meta.url));
  return {
    id: 'wasm.brotliKb',
    unit: 'kB',
    ours: brotliCompressSync(module).length / 1000,
    peer: null,
    peerName: null,
    ratio: null,
    runs: 1,
  };
}
