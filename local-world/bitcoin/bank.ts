/** Holds what the local miner earns and gives it away. Its plain key guards money that exists on this machine only. */
import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { taprootTweakPrivKey } from '@scure/btc-signer/utils.js';
import { buildBitcoinTransfer } from '#shared/chains/bitcoin/build-transfer.ts';
import { ownScripts, REGTEST } from '#shared/chains/bitcoin/network.ts';
import { bitcoinRegtest } from '#shared/chains/bitcoin/plugin.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import type { ChainIndex } from './chain-index.ts';

/** A coinbase can be spent once this many blocks are on top. */
export const COINBASE_MATURITY = 100;
/** Satoshis per virtual byte. */
const FEE_RATE = 2;

export interface Bank {
  readonly address: string;
  /** A signed payment as hex. @throws TrefoilError `chain/bad-address`, `chain/bad-amount`, `chain/dust`, `chain/insufficient-funds` */
  pay(to: string, satoshis: bigint): string;
}

export function openBank(secret: Uint8Array, index: ChainIndex): Bank {
  const key = secp256k1.getPublicKey(secret, true);
  const keys: AccountKeys = { account: 0, ecdsa: key, taproot: key, ed25519: undefined };
  const { address } = ownScripts(keys, REGTEST).taproot;
  return {
    address,
    pay(to, satoshis) {
      const coins = index
        .utxosOf(address)
        .filter(
          ({ transaction: { coinbase, confirmation } }) =>
            !coinbase || index.tip.height - (confirmation?.height ?? index.tip.height) >= COINBASE_MATURITY,
        )
        .map(({ transaction: { txid }, index: at, value }) => ({ txid, index: at, amount: BigInt(value), key: 'taproot' as const }));
      const payments = [{ to, amount: satoshis, token: undefined }];
      const unsigned = buildBitcoinTransfer({ keys, payments }, { coins, feeRate: FEE_RATE }, REGTEST);
      const transaction = bitcoinRegtest.read(unsigned, keys);
      const signatures = transaction.tasks.map(({ digest }) => schnorr.sign(digest, taprootTweakPrivKey(secret)));
      return bytesToHex(transaction.assemble(signatures).raw);
    },
  };
}
