/** Creating a wallet, from the device's side: hellos, then the shared ceremony until every party has committed. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { Channel, makeOneUseKeys } from '#shared/channel/channel.ts';
import { envelopeHash } from '#shared/channel/envelope.ts';
import { makeHello, type SessionTerms, verifyHello } from '#shared/channel/hello.ts';
import { identityFromSeed } from '#shared/channel/identity.ts';
import { TrefoilError } from '#shared/errors.ts';
import { DEVICE, parsePartyId, randomWalletId, type WalletId } from '#shared/ids.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { Engine, KeyShare } from '#shared/ports/engine.ts';
import type { EpochStore } from '#shared/ports/epoch-store.ts';
import type { RandomBytes } from '#shared/ports/random-bytes.ts';
import { type Envelope, Protocol } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import type { Release } from '#shared/release.ts';
import { CEREMONIES, FIRST_EPOCH, lastRoundOf } from '#shared/session/ceremonies.ts';
import { roundDeadlineMs } from '#shared/session/deadline.ts';
import type { EpochCeremony } from '#shared/session/epoch/epoch-ceremony.ts';
import { keygenCeremony } from '#shared/session/epoch/keygen.ts';
import { GatewayClient } from './gateway-client.ts';

const STEPS = ['connecting', 'round-1', 'round-2', 'round-3', 'prepared', 'committed'] as const;

/** How far creation is, for people. */
export interface CreateProgress {
  readonly step: (typeof STEPS)[number];
  /** Steps done, of `total`: rounds that every party has finished, after the hellos. */
  readonly done: number;
  readonly total: number;
  /** The names of the nodes that take part. */
  readonly parties: string[];
}

/** What the ceremony needs; `identitySecret` is the device's 32-byte Ed25519 seed. */
export interface CreateDeps {
  readonly engine: Engine;
  readonly release: Release;
  readonly store: EpochStore;
  readonly identitySecret: Uint8Array;
  readonly onProgress: (progress: CreateProgress) => void;
  readonly signal?: AbortSignal;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** A wallet that every party has committed; only now may its addresses be shown. */
export interface CreatedWallet {
  readonly walletId: WalletId;
  readonly share: KeyShare;
  readonly publicPackage: Uint8Array;
}

/**
 * Makes a wallet with the pinned nodes of the release.
 * @throws TrefoilError why it failed; nothing of the wallet is left that could be used
 */
export async function createWallet(deps: CreateDeps): Promise<CreatedWallet> {
  const { engine, release, store, signal, clock, random } = deps;
  const start = performance.now();
  const walletId = randomWalletId(random);
  const identity = await identityFromSeed(deps.identitySecret);
  const report = reporter(deps);
  report(0);

  const nodes = release.nodes.map((node) => [parsePartyId(node.party), hexToBytes(node.identity)] as const);
  const terms: SessionTerms = {
    protocol: Protocol.KEYGEN,
    walletId,
    epoch: FIRST_EPOCH,
    roster: new Map([[DEVICE, identity.publicKey], ...nodes]),
    threshold: release.threshold,
  };
  const oneUseKeys = await makeOneUseKeys();
  const hello = await makeHello({ terms, party: DEVICE, identity, oneUseKey: oneUseKeys.publicKey, random });
  const gateway = new GatewayClient(release.gateway, walletId);
  const opened = await gateway.openSession(hello, signal);

  const hellos = await Promise.all([hello, ...opened.hellos].map(verifyHello));
  const channel = new Channel({ terms, hellos, self: DEVICE, identity, oneUseKeys, lastRound: lastRoundOf(CEREMONIES[terms.protocol]) });
  const ceremony = keygenCeremony({
    engine,
    channel,
    store,
    threshold: terms.threshold,
    roundMs: roundDeadlineMs([]),
    clock,
  });
  try {
    const share = await run(ceremony, (envelopes) => gateway.exchange(channel.sessionId, envelopes, signal), report, signal);
    performance.measure('trefoil.create', { start });
    return { walletId, share, publicPackage: share.publicPackage };
  } catch (thrown) {
    const error = TrefoilError.from(thrown, 'createWallet');
    ceremony.abort(error);
    await gateway.cancel(channel.sessionId);
    throw error;
  }
}

/** Sends what this device has to say and takes what comes, until the ceremony is over. */
async function run(
  ceremony: EpochCeremony,
  exchange: (envelopes: readonly Envelope[]) => Promise<Envelope[]>,
  report: (stepsDone: number) => void,
  signal: AbortSignal | undefined,
): Promise<KeyShare> {
  /** The gateway answers with everything so far; what was read before has been answered. */
  const read = new Set<string>();
  let outgoing = await ceremony.start();
  while (outgoing.length > 0) {
    const incoming = await exchange(outgoing);
    if (signal?.aborted) throw new TrefoilError('session/aborted', { operation: 'createWallet', blame: 'caller' });
    outgoing = [];
    for (const envelope of incoming) {
      const name = bytesToHex(envelopeHash(envelope));
      if (read.has(name)) continue;
      read.add(name);
      outgoing.push(...(await ceremony.receive(envelope)));
      if (ceremony.state.phase === 'ROUND') report(ceremony.state.round - 1);
    }
  }
  const { outcome } = ceremony;
  if (outcome.status === 'aborted') throw outcome.error;
  if (outcome.status === 'pending')
    throw new TrefoilError('session/timeout', { operation: 'createWallet', detail: 'the other parties stopped answering' });
  report(STEPS.length - 1);
  return outcome.result;
}

function reporter({ onProgress, release }: CreateDeps): (done: number) => void {
  const parties = release.nodes.map(({ name }) => name);
  let furthest = -1;
  return (done) => {
    const step = STEPS[done];
    if (done <= furthest || step === undefined) return;
    furthest = done;
    onProgress({ step, done, total: STEPS.length, parties });
  };
}
