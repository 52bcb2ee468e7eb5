/** An HTTP relay that a test can take over: it sees, changes, holds, repeats or cuts every call between two real parts. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

export interface Call {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What is done with a call; undefined cuts the connection without an answer. */
export type Meddle = (call: Call, forward: (call: Call) => Promise<Answer>) => Promise<Answer | undefined>;

export interface Relay {
  readonly url: string;
  /** From now on; undefined relays honestly. */
  meddle(how: Meddle | undefined): void;
  close(): Promise<void>;
}

/** Headers that belong to one connection and not to the message. */
const PER_HOP = ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'accept-encoding'];

export async function startRelay(target: string, port: number): Promise<Relay> {
  let how: Meddle | undefined;
  const forward = (call: Call): Promise<Answer> => send(target, call);
  const server = createServer((incoming, outgoing) => {
    readCall(incoming)
      .then((call) => (how === undefined ? forward(call) : how(call, forward)))
      .then((answer) => (answer === undefined ? incoming.socket.destroy() : write(outgoing, answer)))
      .catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    meddle: (next) => {
      how = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readCall(incoming: IncomingMessage): Promise<Call> {
  return {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: plain(incoming.headers),
    body: new Uint8Array(Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>))),
  };
}

function send(target: string, call: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...call.headers, 'content-length': String(call.body.length) };
    const out = request(new URL(call.path, target), { method: call.method, headers, agent: false }, (incoming) => {
      Array.fromAsync(incoming as AsyncIterable<Buffer>).then(
        (chunks) =>
          resolve({ status: incoming.statusCode ?? 502, headers: plain(incoming.headers), body: new Uint8Array(Buffer.concat(chunks)) }),
        reject,
      );
    });
    out.once('error', reject);
    out.end(call.body);
  });
}

function write(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  outgoing.writeHead(status, { ...headers, 'content-length': String(body.length) });
  outgoing.end(body);
}

const plain = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (PER_HOP.includes(name) || value === undefined ? [] : [[name, String(value)]])),
  );
