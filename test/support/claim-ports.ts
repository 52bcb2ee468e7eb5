/**
 * Ports of 127.0.0.1 that nobody else takes between now and the moment when a server listens on them, however many test
 * processes choose at once. The claim is a UDP socket on the same number: TCP does not see it, the system gives each number
 * once, and gives it back when the process that claimed it is gone, in whatever way.
 */
import { createSocket, type Socket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below the numbers that Linux gives to connections going out, which would take one unasked. */
const [FIRST, LAST] = [20_000, 32_700];

export async function claimPort(): Promise<number> {
  return claimPorts(1);
}

/** @returns the first of `count` ports in a row */
export async function claimPorts(count: number): Promise<number> {
  const start = FIRST + Math.floor(Math.random() * (LAST - FIRST - count));
  for (let tried = 0; tried < LAST - FIRST; tried += count) {
    const first = FIRST + ((start - FIRST + tried) % (LAST - FIRST - count));
    if (await claimAll(Array.from({ length: count }, (_, i) => first + i))) return first;
  }
  throw new Error(`no ${count} free ports in a row from ${FIRST} to ${LAST}`);
}

async function claimAll(ports: readonly number[]): Promise<boolean> {
  const claims: Socket[] = [];
  for (const port of ports) {
    const claim = await claimOne(port);
    if (claim !== undefined) claims.push(claim);
    if (claim === undefined || !(await isFree(port))) {
      for (const each of claims) each.close();
      return false;
    }
  }
  return true;
}

function claimOne(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(undefined));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      // Held as long as the process lives, and no longer for it.
      socket.unref();
      resolve(socket);
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
