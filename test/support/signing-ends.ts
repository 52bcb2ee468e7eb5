/** Both ends of a signing session in one process, with the real engine; whoever calls is the edge between them. */
import { Channel, makeOneUseKeys } from '#shared/channel/channel.ts';
import { makeHello, type SessionTerms, verifyHello } from '#shared/channel/hello.ts';
import type { TrefoilError } from '#shared/errors.ts';
import type { PartyId } from '#shared/ids.ts';
import { MESSAGE_PARTS_MAX_COUNT } from '#shared/limits.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { Engine, KeyKind, KeyShare, Path } from '#shared/ports/engine.ts';
import { type Envelope, Protocol } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import type { Call } from '#shared/session/signing/device/call.ts';
import type { DeviceBatch } from '#shared/session/signing/device/device-batch.ts';
import { DeviceSession } from '#shared/session/signing/device/device-session.ts';
import type { BatchGate } from '#shared/session/signing/node/node-batches.ts';
import { NodeSession } from '#shared/session/signing/node/node-session.ts';
import { type PathTask, SIGNING_ROUNDS } from '#shared/session/signing/rounds.ts';
import { madeUpTask } from './made-up-task.ts';
import { clock, type makeWallet, newIdentity } from './parties.ts';

export const [DEVICE, NODE] = [1, 2] as PartyId[] as [PartyId, PartyId];
export const COUNTS = { taproot: 3, ed25519: 3 };
export const NO_COMMITMENTS = { taproot: 0, ed25519: 0 };

export const digestOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
export const taskOf = (key: KeyKind, byte: number, path: Path = key === 'ed25519' ? [] : [0, 0]): PathTask =>
  madeUpTask(key, digestOf(byte), path);

export type TestWalletParties = Awaited<ReturnType<typeof makeWallet>>;

export interface EndsOptions {
  /** What the node finds in the intent; the device's own tasks when undefined. */
  readonly tasks?: readonly PathTask[];
  readonly refuse?: TrefoilError;
  readonly accept?: () => Promise<void>;
  readonly gate?: Partial<BatchGate>;
  readonly clock?: Clock;
  /** The node's engine, where it is another than the device's. */
  readonly nodeEngine?: Engine;
  /** The party on the node's side of the wallet. */
  readonly node?: PartyId;
}

export type Ends = Awaited<ReturnType<typeof signingEnds>>;

export async function signingEnds(engine: Engine, wallet: TestWalletParties, options: EndsOptions = {}) {
  const node = options.node ?? NODE;
  const [deviceChannel, nodeChannel, deviceTwin, cheatChannel] = await channelsOf(wallet, node);
  const judged = { tasks: options.tasks ?? [] };
  const strikes: TrefoilError[] = [];
  const gate: BatchGate = { begin: () => undefined, end: () => undefined, strike: (error) => strikes.push(error), ...options.gate };
  const nodeEnd = new NodeSession({
    ...{ engine: options.nodeEngine ?? engine, gate, counts: COUNTS, clock: options.clock ?? clock },
    channel: nodeChannel,
    share: shareOf(wallet, node),
    authorise: async () => {
      if (options.refuse !== undefined) throw options.refuse;
      return { tasks: judged.tasks, accept: options.accept ?? (async () => undefined) };
    },
  });
  const device = await DeviceSession.open({
    ...{ engine, counts: COUNTS },
    channel: deviceChannel,
    share: shareOf(wallet, DEVICE),
    commitments: await nodeEnd.commitments(),
  });
  const request = (tasks: readonly PathTask[], batch?: DeviceBatch): Promise<Call<Uint8Array[]>> => {
    if (options.tasks === undefined) judged.tasks = tasks;
    return device.request({ intent: new Uint8Array([1]), deviceSignature: new Uint8Array(64), tasks }, batch);
  };
  return { device, node: nodeEnd, request, deviceChannel, nodeChannel, deviceTwin, cheatChannel, strikes };
}

/** The two ends, and a second pair with the same keys for a test that plays a cheat. */
async function channelsOf(wallet: TestWalletParties, node: PartyId): Promise<[Channel, Channel, Channel, Channel]> {
  const identities = new Map([
    [DEVICE, await newIdentity()],
    [node, await newIdentity()],
  ]);
  const terms: SessionTerms = {
    ...wallet.terms,
    protocol: Protocol.SIGNING,
    roster: new Map([...identities].map(([id, identity]) => [id, identity.publicKey])),
  };
  const parties = await Promise.all(
    [...identities].map(async ([self, identity]) => {
      const oneUseKeys = await makeOneUseKeys();
      const hello = await makeHello({ terms, party: self, identity, oneUseKey: oneUseKeys.publicKey, commitments: COUNTS });
      return { self, identity, oneUseKeys, hello };
    }),
  );
  const hellos = await Promise.all(parties.map(({ hello }) => verifyHello(hello)));
  const limits = { lastRound: SIGNING_ROUNDS, maxParts: MESSAGE_PARTS_MAX_COUNT };
  const channelOf = (at: number): Channel => {
    const party = parties[at];
    if (party === undefined) throw new Error('a party');
    return new Channel({ terms, hellos, ...party, ...limits });
  };
  return [channelOf(0), channelOf(1), channelOf(0), channelOf(1)];
}

export function shareOf(wallet: TestWalletParties, party: PartyId): KeyShare {
  const share = wallet.shares.get(party);
  if (share === undefined) throw new Error('a share');
  return share;
}

/** Hands a call to the node, part after part, and brings what it answers. */
export async function answerOf(node: NodeSession, call: Call<unknown>): Promise<Envelope[]> {
  const answers: Envelope[] = [];
  for (const envelope of call.envelopes) answers.push(...(await node.receive(envelope)));
  return answers;
}

/** Runs a call to its end. */
export const carry = async <T>(node: NodeSession, call: Call<T>): Promise<T> => call.finish(await answerOf(node, call));

/** A whole batch in the background. */
export async function presign({ device, node }: Ends, count: number): Promise<number> {
  const batch = await carry(node, await device.prepare({ presignatures: count, commitments: NO_COMMITMENTS }));
  if (batch === undefined) throw new Error('a batch');
  return carry(node, await device.complete(batch));
}
