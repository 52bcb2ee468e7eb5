/** A real node process: what it serves over Connect and gRPC, and to whom. */
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Health, HealthCheckResponse_ServingStatus } from '#shared/proto/gen/grpc/health/v1/health_pb.js';
import { ServerReflection, ServerReflectionRequestSchema } from '#shared/proto/gen/grpc/reflection/v1/reflection_pb.js';
import { ErrorDetailSchema, ExchangeRequestSchema, PartyNode } from '#shared/proto/gen/trefoil/v1/node_pb.js';
import { GATEWAY_TOKEN, startNodes, type TestNode } from '#test/support/party-nodes.ts';

let node: TestNode;
let close: () => Promise<void>;
beforeAll(async () => {
  const started = await startNodes();
  [node] = started.nodes;
  close = started.close;
});
afterAll(() => close?.());

const authenticate =
  (token: string): Interceptor =>
  (next) =>
  (request) => {
    request.header.set('authorization', `Bearer ${token}`);
    return next(request);
  };
const transports = (token = GATEWAY_TOKEN) =>
  [
    ['Connect over HTTP/1.1', createConnectTransport({ baseUrl: node.url, httpVersion: '1.1', interceptors: [authenticate(token)] })],
    ['gRPC over HTTP/2', createGrpcTransport({ baseUrl: node.grpcUrl, interceptors: [authenticate(token)] })],
  ] as const;

const failureOf = async (step: Promise<unknown>): Promise<string> => {
  const error = ConnectError.from(
    await step.then(
      () => undefined,
      (thrown: unknown) => thrown,
    ),
  );
  const [detail] = error.findDetails(ErrorDetailSchema);
  return `${Code[error.code]} ${detail?.code ?? ''}`;
};

describe('a party node', () => {
  it('answers over both transports with typed errors', async () => {
    for (const [, transport] of transports()) {
      const client = createClient(PartyNode, transport);
      const unknown = create(ExchangeRequestSchema, { walletId: new Uint8Array(16), sessionId: new Uint8Array(32) });
      expect(await failureOf(client.exchange(unknown))).toBe('NotFound session/unknown');
      expect(await failureOf(client.exchange({ walletId: new Uint8Array(3) }))).toBe('InvalidArgument input/malformed');
      expect(await failureOf(client.openSession({}))).toBe('InvalidArgument input/unsupported-version');
    }
  });

  it('lets nobody in without the gateway’s token, but tells anyone its health', async () => {
    for (const [, transport] of transports('a-wrong-token-of-at-least-32-characters')) {
      expect(await failureOf(createClient(PartyNode, transport).openSession({}))).toBe('Unauthenticated service/unauthenticated');
      const health = createClient(Health, transport);
      expect((await health.check({})).status).toBe(HealthCheckResponse_ServingStatus.SERVING);
      expect((await health.check({ service: 'trefoil.v1.PartyNode' })).status).toBe(HealthCheckResponse_ServingStatus.SERVING);
      expect(await failureOf(health.check({ service: 'nobody' }))).toBe('NotFound ');
    }
    expect((await fetch(`${node.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${node.url}/readyz`)).status).toBe(200);
  });

  it('tells what it offers by reflection', async () => {
    const [, [, grpc]] = transports();
    const ask = async function* () {
      yield create(ServerReflectionRequestSchema, { messageRequest: { case: 'listServices', value: '' } });
      yield create(ServerReflectionRequestSchema, { messageRequest: { case: 'fileContainingSymbol', value: 'trefoil.v1.PartyNode' } });
      yield create(ServerReflectionRequestSchema, { messageRequest: { case: 'fileContainingSymbol', value: 'trefoil.v1.Nothing' } });
    };
    const answers = await Array.fromAsync(createClient(ServerReflection, grpc).serverReflectionInfo(ask()));
    const [services, file, nothing] = answers.map(({ messageResponse }) => messageResponse);
    expect(services?.case === 'listServicesResponse' && services.value.service.map(({ name }) => name)).toContain('trefoil.v1.PartyNode');
    expect(file?.case === 'fileDescriptorResponse' && file.value.fileDescriptorProto.length).toBe(2);
    expect(nothing?.case).toBe('errorResponse');
  });

  it('prints no token, seed or share', () => {
    expect(node.output()).toContain('node.ready');
    expect(node.output()).not.toContain(GATEWAY_TOKEN);
  });
});
