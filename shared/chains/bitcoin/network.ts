/** Bitcoin addresses and scripts that Trefoil pays to and spends from. */
import { Address, NETWORK, OutScript, p2tr, p2wpkh, TEST_NETWORK } from '@scure/btc-signer';
import { TrefoilError } from '#shared/errors.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';

/** Version bytes and bech32 prefix of one network. */
export type BitcoinNetwork = typeof NETWORK;

export const MAINNET: BitcoinNetwork = NETWORK;
/** Shared by testnet4 and signet. */
export const TESTNET: BitcoinNetwork = TEST_NETWORK;
export const REGTEST: BitcoinNetwork = { ...TEST_NETWORK, bech32: 'bcrt' };

/** Script kinds with a standard address that wallets use. */
const PAYABLE = new Set(['pkh', 'sh', 'wpkh', 'wsh', 'tr']);
/** Compressed SEC1 point. */
const COMPRESSED_BYTES = 33;

/** Key path of the account's taproot key, tweaked with an empty tree (BIP341, BIP86). */
export interface TaprootScript {
  readonly key: 'taproot';
  /** 32-byte x coordinate before the tweak. */
  readonly internalKey: Uint8Array;
  /** 32-byte x coordinate that signatures verify under. */
  readonly outputKey: Uint8Array;
  readonly script: Uint8Array;
  readonly address: string;
}

/** Pay to the hash of the account's ECDSA key (BIP141 P2WPKH). */
export interface SegwitScript {
  readonly key: 'ecdsa';
  /** Compressed SEC1 point, 33 bytes. */
  readonly publicKey: Uint8Array;
  readonly script: Uint8Array;
  readonly address: string;
}

export type OwnScript = TaprootScript | SegwitScript;

/** What an account's coins are locked with. Change goes to taproot. */
export interface OwnScripts {
  readonly taproot: TaprootScript;
  readonly segwit: SegwitScript;
}

/** @throws TrefoilError `input/malformed` */
export function ownScripts(keys: Pick<AccountKeys, 'taproot' | 'ecdsa'>, network: BitcoinNetwork): OwnScripts {
  if (keys.taproot.length !== COMPRESSED_BYTES || keys.ecdsa.length !== COMPRESSED_BYTES) {
    throw new TrefoilError('input/malformed', { operation: 'ownScripts', detail: 'a compressed point has 33 bytes' });
  }
  const internalKey = keys.taproot.slice(1);
  try {
    const taproot = p2tr(internalKey, undefined, network);
    const segwit = p2wpkh(keys.ecdsa, network);
    if (taproot.address === undefined || segwit.address === undefined) throw new Error('no address');
    return {
      taproot: { key: 'taproot', internalKey, outputKey: taproot.tweakedPubkey, script: taproot.script, address: taproot.address },
      segwit: { key: 'ecdsa', publicKey: keys.ecdsa, script: segwit.script, address: segwit.address },
    };
  } catch (cause) {
    throw new TrefoilError('input/malformed', { operation: 'ownScripts', detail: 'a key is not on the curve', cause });
  }
}

/** The account's script that these bytes are, or undefined when they are somebody else's. */
export const ownScriptOf = (script: Uint8Array, { taproot, segwit }: OwnScripts): OwnScript | undefined =>
  [taproot, segwit].find((own) => own.script.length === script.length && own.script.every((byte, at) => byte === script[at]));

/** @throws TrefoilError `chain/bad-address` */
export function scriptOfAddress(text: string, network: BitcoinNetwork): Uint8Array {
  try {
    const decoded = Address(network).decode(text);
    if (!PAYABLE.has(decoded.type)) throw new Error(decoded.type);
    return OutScript.encode(decoded);
  } catch (cause) {
    throw new TrefoilError('chain/bad-address', { operation: 'scriptOfAddress', cause });
  }
}

/** The address of a script, or undefined when it is not of a kind that wallets use. */
export function addressOfScript(script: Uint8Array, network: BitcoinNetwork): string | undefined {
  try {
    const decoded = OutScript.decode(script);
    if (!PAYABLE.has(decoded.type)) return undefined;
    return Address(network).encode(decoded);
  } catch {
    return undefined;
  }
}

/**
 * Satoshis below which nodes do not relay an output of this script: three times what it costs to make and spend it
 * at 1 sat/vB (Bitcoin Core `GetDustThreshold`).
 */
export function dustLimit(script: Uint8Array): bigint {
  const isWitness = (script[0] === 0x00 || script[0] === 0x51) && script[1] === script.length - 2;
  return BigInt(3 * (9 + script.length + (isWitness ? 67 : 148)));
}
