/** The internal API of a node as the gateway, or somebody who would like to be it, calls it. */
import { type Client, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport } from '@connectrpc/connect-node';
import { Channel, makeOneUseKeys, type OneUseKeys } from '#shared/channel/channel.ts';
import { makeHello, type SessionTerms, verifyHello } from '#shared/channel/hello.ts';
import { DEVICE, type Epoch, idBytes, type PartyId } from '#shared/ids.ts';
import { MESSAGE_PARTS_MAX_COUNT } from '#shared/limits.ts';
import { type Envelope, Protocol, type SignedHello } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { ErrorDetailSchema, PartyNode } from '#shared/proto/gen/trefoil/v1/node_pb.js';
import type { Call } from '#shared/session/signing/device/call.ts';
import { DeviceSession } from '#shared/session/signing/device/device-session.ts';
import { SIGNING_ROUNDS } from '#shared/session/signing/rounds.ts';
import { loadEngine } from '#wasm/js/load-node.ts';
import type { TestWallet } from './device.ts';
import { GATEWAY_TOKEN, type TestNode } from './party-nodes.ts';

export type NodeClient = Client<typeof PartyNode>;

/** `transport`: Connect over HTTP/1.1 or gRPC over HTTP/2. `token`: undefined sends no credential. */
export function nodeClient(
  node: TestNode,
  options: { transport?: 'connect' | 'grpc'; token?: string | undefined } = { token: GATEWAY_TOKEN },
): NodeClient {
  return createClient(PartyNode, nodeTransport(node, options));
}

export function nodeTransport(
  node: TestNode,
  { transport = 'connect', token }: { transport?: 'connect' | 'grpc'; token?: string | undefined },
) {
  const authenticate: Interceptor = (next) => (request) => {
    if (token !== undefined) request.header.set('authorization', `Bearer ${token}`);
    return next(request);
  };
  return transport === 'grpc'
    ? createGrpcTransport({ baseUrl: node.grpcUrl, interceptors: [authenticate] })
    : createConnectTransport({ baseUrl: node.url, httpVersion: '1.1', interceptors: [authenticate] });
}

export interface Refusal {
  readonly code: string;
  readonly culprits: readonly number[];
  readonly round: number;
}

/** The typed detail that a node refuses with. */
export async function refusalOf(step: Promise<unknown>): Promise<Refusal> {
  try {
    await step;
  } catch (thrown) {
    const error = ConnectError.from(thrown);
    const [detail] = error.findDetails(ErrorDetailSchema);
    return detail ?? { code: `not typed: ${error.message}`, culprits: [], round: 0 };
  }
  return { code: 'no error', culprits: [], round: 0 };
}

/** A pool of commitments that a device opened at one node, without a gateway. */
export interface OpenPool {
  readonly channel: Channel;
  readonly device: DeviceSession;
  readonly hello: SignedHello;
  /** Hands one envelope to the node and brings its only answer. */
  ask(envelope: Envelope): Promise<Envelope>;
  /** Runs a call to its end. */
  carry<T>(call: Call<T>): Promise<T>;
  /** Another envelope of the device for a place that it has sealed already. */
  second(round: number, body: Uint8Array): Promise<Envelope>;
}

export async function openPool(node: TestNode, wallet: TestWallet, counts = { taproot: 2, ed25519: 6 }): Promise<OpenPool> {
  const client = nodeClient(node);
  const { terms, oneUseKeys, hello } = await signingHello(node, wallet, counts);
  const answer = await client.openSession({ hello });
  if (answer.hello === undefined) throw new Error('the node said no hello');
  const hellos = await Promise.all([hello, answer.hello].map(verifyHello));
  const make = (): Channel =>
    new Channel({
      terms,
      hellos,
      self: DEVICE,
      identity: wallet.identity,
      oneUseKeys,
      lastRound: SIGNING_ROUNDS,
      maxParts: MESSAGE_PARTS_MAX_COUNT,
    });
  const channel = make();
  const [commitments] = answer.envelopes;
  if (commitments === undefined) throw new Error('the node sent no commitments');
  const device = await DeviceSession.open({ engine: await loadEngine(), channel, share: wallet.share, counts, commitments });
  const exchange = async (envelopes: readonly Envelope[]): Promise<Envelope[]> => {
    const ids = { walletId: idBytes(wallet.walletId), sessionId: idBytes(channel.sessionId) };
    return (await client.exchange({ ...ids, envelopes: [...envelopes] })).envelopes;
  };
  return {
    channel,
    device,
    hello,
    carry: async (call) => call.finish(await exchange(call.envelopes)),
    ask: async (envelope) => {
      const [reply] = await exchange([envelope]);
      if (reply === undefined) throw new Error('the node did not answer');
      return reply;
    },
    second: (round, body) => make().seal(node.party as PartyId, round, body),
  };
}

/** A device's hello for a pool, and what it says. */
export async function signingHello(
  node: TestNode,
  wallet: TestWallet,
  commitments: { taproot: number; ed25519: number },
  over: Partial<SessionTerms> = {},
): Promise<{ terms: SessionTerms; oneUseKeys: OneUseKeys; hello: SignedHello }> {
  const terms: SessionTerms = {
    protocol: Protocol.SIGNING,
    walletId: wallet.walletId,
    epoch: 0 as Epoch,
    roster: new Map([
      [DEVICE, wallet.identity.publicKey],
      [node.party as PartyId, Uint8Array.from(Buffer.from(node.identity, 'hex'))],
    ]),
    threshold: 2,
    ...over,
  };
  const oneUseKeys = await makeOneUseKeys();
  return {
    terms,
    oneUseKeys,
    hello: await makeHello({ terms, party: DEVICE, identity: wallet.identity, oneUseKey: oneUseKeys.publicKey, commitments }),
  };
}
