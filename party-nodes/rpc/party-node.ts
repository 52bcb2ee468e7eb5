/** The internal API: protobuf in, sessions behind, typed errors out. */
import { timingSafeEqual } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { ConnectError, type ConnectRouter, type Interceptor } from '@connectrpc/connect';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { CATALOGUE, type ErrorCode, TrefoilError } from '#shared/errors.ts';
import { parseSessionId, parseWalletId } from '#shared/ids.ts';
import { SignedHelloSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import {
  AbortSessionResponseSchema,
  ExchangeResponseSchema,
  OpenSessionResponseSchema,
  PartyNode,
} from '#shared/proto/gen/trefoil/v1/node_pb.js';
import { log } from '../ops/log.ts';
import type { NodeSessions } from '../session/node-sessions.ts';
import { toConnectError } from './connect-errors.ts';

/** Registers the service. */
export function routePartyNode(router: ConnectRouter, sessions: NodeSessions): void {
  router.service(PartyNode, {
    openSession: async (request) => create(OpenSessionResponseSchema, await sessions.open(request.hello ?? create(SignedHelloSchema))),
    exchange: async (request) => {
      const envelopes = await sessions.exchange({
        walletId: parseWalletId(request.walletId),
        sessionId: parseSessionId(request.sessionId),
        hellos: request.hellos,
        envelopes: request.envelopes,
      });
      return create(ExchangeResponseSchema, { envelopes });
    },
    abortSession: async (request) => {
      sessions.abort(parseWalletId(request.walletId), parseSessionId(request.sessionId), knownCode(request.reason));
      return create(AbortSessionResponseSchema);
    },
  });
}

const knownCode = (text: string): ErrorCode => (Object.hasOwn(CATALOGUE, text) ? (text as ErrorCode) : 'session/aborted');

/** Lets only the gateway in, turns every failure into a typed one, and logs it. Health is open to all. */
export function guard(gatewayToken: string): Interceptor {
  const expected = sha256(utf8ToBytes(`Bearer ${gatewayToken}`));
  return (next) => async (request) => {
    const operation = request.method.name;
    try {
      const given = sha256(utf8ToBytes(request.header.get('authorization') ?? ''));
      if (request.service.typeName === PartyNode.typeName && !timingSafeEqual(given, expected)) {
        throw new TrefoilError('service/unauthenticated', { operation });
      }
      return await next(request);
    } catch (thrown) {
      // The health service and the protocol itself speak Connect's own codes.
      if (thrown instanceof ConnectError) throw thrown;
      const error = TrefoilError.from(thrown, operation);
      log('rpc.refused', { operation, code: error.code, blame: error.blame, culprits: error.culprits, cause: causeOf(error) });
      throw toConnectError(error);
    }
  };
}

/** For bugs only: the kind of what was thrown and where, never its message, which could quote input. */
function causeOf(error: TrefoilError): string | undefined {
  if (error.blame !== 'bug' || !(error.cause instanceof Error)) return undefined;
  return `${error.cause.name} ${error.cause.stack?.split('\n')[1]?.trim() ?? ''}`;
}
