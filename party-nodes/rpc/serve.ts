/**
 * The listening side. With TLS: one port for gRPC (HTTP/2) and Connect (HTTP/1.1). Without, on loopback only: one port for
 * each, because Node's clear-text HTTP/2 server does not take HTTP/1.1.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, createSecureServer } from 'node:http2';
import type { Server } from 'node:net';
import type { ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { RELAYED_MAX_BYTES } from '#shared/limits.ts';
import type { Config } from '../config.ts';
import type { NodeSessions } from '../session/node-sessions.ts';
import { routeHealth } from './health.ts';
import { guard, routePartyNode } from './party-node.ts';
import { routeReflection } from './reflection.ts';

/** Starts to listen. `close` stops taking requests and ends open connections. */
export async function serve(config: Config, sessions: NodeSessions, isReady: () => boolean): Promise<{ close(): Promise<void> }> {
  const adapter = connectNodeAdapter({
    routes: (router: ConnectRouter) => {
      routePartyNode(router, sessions);
      routeHealth(router, isReady);
      routeReflection(router);
    },
    interceptors: [guard(config.gatewayToken)],
    readMaxBytes: RELAYED_MAX_BYTES,
  });
  const probes = withProbes(adapter as RequestListener, isReady);
  const servers = await Promise.all(listeners(config, adapter, probes).map(([server, port]) => listen(server, config.host, port)));
  return {
    close: async () => {
      await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
    },
  };
}

type Adapter = ReturnType<typeof connectNodeAdapter>;

function listeners(config: Config, adapter: Adapter, probes: RequestListener): [Server, number][] {
  if (config.tls !== undefined) {
    const tls = { cert: readFileSync(config.tls.certificate), key: readFileSync(config.tls.key), allowHTTP1: true };
    return [[createSecureServer(tls, probes as Adapter), config.connectPort]];
  }
  const clear: [Server, number] = [createServer(probes), config.connectPort];
  return config.grpcPort === undefined ? [clear] : [clear, [createHttp2Server(adapter), config.grpcPort]];
}

/** `/healthz`: the process runs. `/readyz`: it can serve. */
const withProbes =
  (handler: RequestListener, isReady: () => boolean): RequestListener =>
  (request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== '/healthz' && request.url !== '/readyz') return handler(request, response);
    const ok = request.url === '/healthz' || isReady();
    response.writeHead(ok ? 200 : 503, { 'content-type': 'text/plain' }).end(ok ? 'ok\n' : 'not ready\n');
  };

function listen(server: Server, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}
