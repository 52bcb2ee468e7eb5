/** Test money for the local chains: `POST /faucet` with `{ "chain": CAIP-2 id, "address": … }`. `GET /ready` tells that it runs. */
import { z } from 'zod';
import { bitcoinRegtest } from '#shared/chains/bitcoin/plugin.ts';
import { ethereumLocal } from '#shared/chains/evm/plugin.ts';
import { solanaLocalnet } from '#shared/chains/solana/plugin.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { Bank } from './evm/bank.ts';
import { type HttpServer, json, serveHttp } from './http-server.ts';

const FIVE_SOL = 5_000_000_000n;
const HALF_BITCOIN = 50_000_000n;
/** ETH and the local token come together. */
const EVM_GIFT = { ether: 5n * 10n ** 18n, dollars: 1_000n * 10n ** 18n };

/** How each chain gives. `bitcoin` and `evm` are undefined where they are unavailable. */
export interface Givers {
  readonly solana: (address: string, lamports: bigint) => string;
  readonly bitcoin: ((address: string, satoshis: bigint) => Promise<string>) | undefined;
  readonly evm: Bank['give'] | undefined;
}

const Wish = z.strictObject({ chain: z.string().max(50), address: z.string().max(120) });

export function serveFaucet(port: number, givers: Givers): Promise<HttpServer> {
  return serveHttp(port, async ({ method, path, body }) => {
    if (method === 'GET' && path === '/ready') return json('ready');
    if (method !== 'POST' || path !== '/faucet') throw new TrefoilError('route/not-found', { operation: 'faucet' });
    const { chain, address } = readWish(body);
    return json(await give(chain, address, givers));
  });
}

function readWish(body: string): z.infer<typeof Wish> {
  try {
    return Wish.parse(JSON.parse(body));
  } catch {
    throw new TrefoilError('input/malformed', { operation: 'faucet', detail: 'send { "chain": …, "address": … }' });
  }
}

async function give(chain: string, address: string, givers: Givers): Promise<{ chain: string; transactionId: string; amount: string }> {
  if (chain === solanaLocalnet.id) {
    const transactionId = givers.solana(solanaLocalnet.parseAddress(address), FIVE_SOL);
    return { chain, transactionId, amount: String(FIVE_SOL) };
  }
  if (chain === bitcoinRegtest.id) {
    if (givers.bitcoin === undefined) throw new TrefoilError('chain/unavailable', { operation: 'faucet' });
    const transactionId = await givers.bitcoin(bitcoinRegtest.parseAddress(address), HALF_BITCOIN);
    return { chain, transactionId, amount: String(HALF_BITCOIN) };
  }
  if (chain === ethereumLocal.id) {
    if (givers.evm === undefined) throw new TrefoilError('chain/unavailable', { operation: 'faucet' });
    const transactionId = await givers.evm(ethereumLocal.parseAddress(address), EVM_GIFT);
    return { chain, transactionId, amount: String(EVM_GIFT.ether) };
  }
  throw new TrefoilError('chain/unknown', { operation: 'faucet' });
}
