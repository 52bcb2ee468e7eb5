/** The part of the Esplora HTTP API that wallets use, over the local index. */
import { bitcoinRegtest } from '#shared/chains/bitcoin/plugin.ts';
import { TrefoilError } from '#shared/errors.ts';
import { type HttpAnswer, type HttpRequest, type HttpServer, json, serveHttp, text } from '../http-server.ts';
import { BtcdError } from './btcd.ts';
import type { ChainIndex, IndexedTransaction } from './chain-index.ts';
import { addressAnswer, outspendAnswer, statusAnswer, transactionAnswer, utxosAnswer } from './esplora-answers.ts';
import type { Miner } from './miner.ts';

/** Confirmed transactions in one answer, as Esplora pages them. */
const PAGE = 25;
const MEMPOOL_PAGE = 50;
/** Blocks to satoshis per virtual byte: always room in a local block. */
const FEE_ESTIMATES = { '1': 3, '2': 2, '3': 2, '6': 1, '144': 1 };

export const serveEsplora = (port: number, index: ChainIndex, miner: Miner): Promise<HttpServer> =>
  serveHttp(port, (request) => answer(request, index, miner));

async function answer({ method, path, body }: HttpRequest, index: ChainIndex, miner: Miner): Promise<HttpAnswer> {
  const [kind = '', id = '', ...rest] = path.slice(1).split('/');
  if (method === 'POST') return kind === 'tx' && id === '' ? submit(body.trim(), miner) : text('Not Found', 404);
  if (kind === 'address') return ofAddress(id, rest, index);
  if (kind === 'tx') return ofTransaction(id, rest, index);
  switch (path) {
    case '/blocks/tip/height':
      return text(String(index.tip.height));
    case '/blocks/tip/hash':
      return text(index.tip.hash);
    case '/fee-estimates':
      return json(FEE_ESTIMATES);
    default:
      return text('Not Found', 404);
  }
}

function ofAddress(given: string, rest: readonly string[], index: ChainIndex): HttpAnswer {
  let address: string;
  try {
    address = bitcoinRegtest.parseAddress(given);
  } catch (thrown) {
    if (thrown instanceof TrefoilError) return text('Invalid Bitcoin address', 400);
    throw thrown;
  }
  const all = index.ofAddress(address);
  const waiting = all.filter(({ confirmation }) => confirmation === undefined).slice(0, MEMPOOL_PAGE);
  const confirmed = all.filter(({ confirmation }) => confirmation !== undefined);
  const answers = (transactions: readonly IndexedTransaction[]): HttpAnswer => json(transactions.map(transactionAnswer));
  switch (rest.slice(0, 2).join('/')) {
    case '':
      return json(addressAnswer(index, address));
    case 'utxo':
      return json(utxosAnswer(index, address));
    case 'txs':
      return answers([...waiting, ...confirmed.slice(0, PAGE)]);
    case 'txs/mempool':
      return answers(waiting);
    case 'txs/chain': {
      const after = confirmed.findIndex(({ txid }) => txid === rest[2]) + 1;
      return answers(confirmed.slice(after, after + PAGE));
    }
    default:
      return text('Not Found', 404);
  }
}

function ofTransaction(txid: string, rest: readonly string[], index: ChainIndex): HttpAnswer {
  const transaction = index.transaction(txid);
  if (rest[0] === 'outspend') return json(outspendAnswer(index, txid, Number(rest[1])));
  if (transaction === undefined) return text('Transaction not found', 404);
  switch (rest.join('/')) {
    case '':
      return json(transactionAnswer(transaction));
    case 'status':
      return json(statusAnswer(transaction));
    case 'hex':
      return text(transaction.hex);
    case 'outspends':
      return json(transaction.outputs.map((_, vout) => outspendAnswer(index, txid, vout)));
    default:
      return text('Not Found', 404);
  }
}

async function submit(hex: string, miner: Miner): Promise<HttpAnswer> {
  if (!/^([0-9a-f]{2})+$/i.test(hex)) return text('Invalid hex string', 400);
  try {
    return text(await miner.submit(hex));
  } catch (thrown) {
    if (!(thrown instanceof BtcdError)) throw thrown;
    return text(`sendrawtransaction RPC error: ${JSON.stringify({ code: thrown.code, message: thrown.message })}`, 400);
  }
}
