/** The gateway's side of the internal API: one client for each node, typed errors out. */
import { type Client, Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { CATALOGUE, type ErrorCode, parseBlame, TrefoilError } from '#shared/errors.ts';
import type { PartyId } from '#shared/ids.ts';
import { ErrorDetailSchema, PartyNode } from '#shared/proto/gen/trefoil/v1/node_pb.js';
import { roundDeadlineMs } from '#shared/session/deadline.ts';
import type { NodeAddress, Settings } from '../settings.ts';

/** One node, as the room calls it. Every failure is a TrefoilError: the node's own, or `session/party-unreachable`. */
export type PartyClient = Pick<Client<typeof PartyNode>, 'openSession' | 'exchange' | 'abortSession'> & {
  /** How long this node may take for a call, in milliseconds, from what its last calls took. */
  deadlineMs(): number;
};

/** Calls of a node whose times are remembered. */
const MEASURED_CALLS = 50;
const known = new WeakMap<Settings, ReadonlyMap<PartyId, PartyClient>>();

/** Clients for all nodes of the settings, one for each isolate, so that what they measure is not forgotten. */
export function partyClients(settings: Settings): ReadonlyMap<PartyId, PartyClient> {
  const clients =
    known.get(settings) ?? new Map([...settings.nodes].map(([party, node]) => [party, partyClient(node, settings.gatewayToken)]));
  known.set(settings, clients);
  return clients;
}

function partyClient(node: NodeAddress, gatewayToken: string): PartyClient {
  const authenticate: Interceptor = (next) => (request) => {
    request.header.set('authorization', `Bearer ${gatewayToken}`);
    return next(request);
  };
  const transport = createConnectTransport({
    baseUrl: node.url,
    useBinaryFormat: true,
    interceptors: [authenticate],
    fetch: fetchWithoutRedirects,
  });
  const client = createClient(PartyNode, transport);
  const measuredMs: number[] = [];
  const typed = async <T>(operation: string, answer: Promise<T>): Promise<T> => {
    const began = Date.now();
    try {
      const answered = await answer;
      measuredMs.push(Date.now() - began);
      if (measuredMs.length > MEASURED_CALLS) measuredMs.shift();
      return answered;
    } catch (thrown) {
      throw fromConnectError(ConnectError.from(thrown), node.party, operation);
    }
  };
  return {
    deadlineMs: () => roundDeadlineMs(measuredMs),
    openSession: (request, options) => typed('openSession', client.openSession(request, options)),
    exchange: (request, options) => typed('exchange', client.exchange(request, options)),
    abortSession: (request, options) => typed('abortSession', client.abortSession(request, options)),
  };
}

/** Connect asks for `redirect: "error"`, which workerd refuses; a redirect is an error here all the same. */
const fetchWithoutRedirects: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: 'manual' });
  if (response.status >= 300 && response.status < 400) throw new ConnectError('a node does not redirect', Code.Unavailable);
  return response;
};

/** What a node said, or that it said nothing. */
function fromConnectError(error: ConnectError, party: PartyId, operation: string): TrefoilError {
  const [detail] = error.findDetails(ErrorDetailSchema);
  if (detail !== undefined && Object.hasOwn(CATALOGUE, detail.code)) {
    return new TrefoilError(detail.code as ErrorCode, {
      operation: detail.operation,
      detail: detail.detail === '' ? undefined : detail.detail,
      culprits: detail.culprits,
      blame: parseBlame(detail.blame),
      round: detail.round === 0 ? undefined : detail.round,
    });
  }
  return new TrefoilError('session/party-unreachable', { operation, culprits: [party], cause: error });
}
