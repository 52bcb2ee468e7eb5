/** A small HTTP server for one machine: loopback only, readable from every page (CORS), bodies of bounded size. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { TrefoilError } from '#shared/errors.ts';

export interface HttpRequest {
  readonly method: string;
  /** Decoded path without the query. */
  readonly path: string;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly type: 'application/json' | 'application/problem+json' | 'text/plain';
  readonly body: string;
}

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
/** A batch of fifty signed transactions in base64 is far below. */
const BODY_MAX_BYTES = 1024 * 1024;
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'content-type, solana-client',
  'access-control-max-age': '600',
};

export const json = (value: unknown, status = 200): HttpAnswer => ({ status, type: 'application/json', body: JSON.stringify(value) });
export const text = (body: string, status = 200): HttpAnswer => ({ status, type: 'text/plain', body });
export const problem = (error: TrefoilError): HttpAnswer => ({
  status: error.status,
  type: 'application/problem+json',
  body: JSON.stringify(error.toProblem()),
});

/** What `answer` throws becomes problem details. @param port 0 for any free one */
export async function serveHttp(port: number, answer: (request: HttpRequest) => Promise<HttpAnswer> | HttpAnswer): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => {
    respond(incoming, outgoing, answer).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${HOST}:${actualPort}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: HttpRequest) => Promise<HttpAnswer> | HttpAnswer,
): Promise<void> {
  const method = incoming.method ?? 'GET';
  if (method === 'OPTIONS') {
    outgoing.writeHead(204, CORS).end();
    return;
  }
  let result: HttpAnswer;
  try {
    result = await answer({ method, path: pathOf(incoming.url ?? '/'), body: await readBody(incoming) });
  } catch (thrown) {
    result = problem(TrefoilError.from(thrown, 'localWorld'));
  }
  outgoing.writeHead(result.status, { ...CORS, 'content-type': result.type, 'cache-control': 'no-store' }).end(result.body);
}

function pathOf(target: string): string {
  try {
    return decodeURIComponent(new URL(target, `http://${HOST}`).pathname);
  } catch {
    throw new TrefoilError('route/not-found', { operation: 'localWorld' });
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > BODY_MAX_BYTES)
      throw new TrefoilError('input/too-large', { operation: 'localWorld', detail: `at most ${BODY_MAX_BYTES} bytes` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
