/**
 * The process of the local chains: `node local-world/chains-main.ts DATA SOLANA_PORT BITCOIN_PORT BTCD_PORT FAUCET_PORT EVM_PORT`.
 * Tells on standard output, one JSON object per line: `{"say":…}` for people, and once `{"ready":…}`.
 */
import { startChains } from './chains.ts';

const tell = (message: object): boolean => process.stdout.write(`${JSON.stringify(message)}\n`);

const [dataDir, ...numbers] = process.argv.slice(2);
const [solana, bitcoin, btcdRpc, faucet, evm] = numbers.map(Number);
if (
  dataDir === undefined ||
  solana === undefined ||
  bitcoin === undefined ||
  btcdRpc === undefined ||
  faucet === undefined ||
  evm === undefined
) {
  throw new Error('usage: chains-main.ts DATA SOLANA_PORT BITCOIN_PORT BTCD_PORT FAUCET_PORT EVM_PORT');
}

const chains = await startChains(dataDir, { solana, bitcoin, btcdRpc, faucet, evm }, (line) => tell({ say: line }));
let closing = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (closing) return;
    closing = true;
    chains.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
tell({ ready: { solana: chains.solana, evm: chains.evm, bitcoin: chains.bitcoin, faucet: chains.faucet } });
