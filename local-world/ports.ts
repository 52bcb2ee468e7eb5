/** Which port of this machine is whose. */
import { createServer } from 'node:net';
import { TrefoilError } from '#shared/errors.ts';

const NAMES = [
  'page',
  'gateway',
  'nodeAConnect',
  'nodeAGrpc',
  'nodeBConnect',
  'nodeBGrpc',
  'solana',
  'bitcoin',
  'faucet',
  'btcdRpc',
  'evm',
] as const;

export type Ports = Readonly<Record<(typeof NAMES)[number], number>>;

/** Consecutive ports from `basePort`, which is the page's. @throws TrefoilError `service/configuration` */
export function portsFrom(basePort: number): Ports {
  const last = basePort + NAMES.length - 1;
  if (!Number.isInteger(basePort) || basePort < 1024 || last > 65_535) {
    throw new TrefoilError('service/configuration', {
      operation: 'startWorld',
      detail: `choose a port from 1024 to ${65_535 - NAMES.length + 1}`,
    });
  }
  return Object.fromEntries(NAMES.map((name, at) => [name, basePort + at])) as Ports;
}

/** @throws TrefoilError `service/configuration` naming the ports that are taken */
export async function assertPortsFree(ports: Ports): Promise<void> {
  const taken = (await Promise.all(Object.values(ports).map(async (port) => ((await isFree(port)) ? [] : [port])))).flat();
  if (taken.length === 0) return;
  const which = `${taken.length === 1 ? 'port' : 'ports'} ${taken.join(', ')} on 127.0.0.1 ${taken.length === 1 ? 'is' : 'are'} taken`;
  const detail = `${which}: stop what uses ${taken.length === 1 ? 'it' : 'them'}, or choose ${NAMES.length} other ports with --port`;
  throw new TrefoilError('service/configuration', { operation: 'startWorld', detail });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
