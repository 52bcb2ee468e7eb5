/** What an EVM account is asked to sign, whichever of the four forms it has, and what its signature signs. */
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { ChainId } from '#shared/ids.ts';
import type { DecodedMessage, DecodedTypedData, ReadMessage, ReadRequest, ReadTransaction } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import { signingTask } from '../signing-task.ts';
import { accountAddress } from './account-address.ts';
import { assembleMessage } from './assemble-message.ts';
import { assembleTransaction } from './assemble-transaction.ts';
import { isPersonalMessage, readPersonalMessage } from './personal-message.ts';
import { readableText } from './readable-text.ts';
import { isTypedData, readTypedData } from './typed-data.ts';
import { readUnsignedTransaction } from './unsigned-transaction.ts';

interface EvmChain {
  readonly id: ChainId;
  /** EIP-155. */
  readonly chainId: number;
}

/** @throws TrefoilError `intent/unsupported`, `input/malformed` for a key that is none */
export function readRequest(unsigned: Uint8Array, keys: Pick<AccountKeys, 'ecdsa'>, chain: EvmChain): ReadRequest {
  const bytes = unsigned.slice();
  if (isTypedData(bytes)) return typedData(bytes, keys, chain);
  if (isPersonalMessage(bytes)) return personalMessage(bytes, keys, chain);
  return transaction(bytes, keys, chain);
}

function typedData(unsigned: Uint8Array, keys: Pick<AccountKeys, 'ecdsa'>, chain: EvmChain): ReadMessage {
  const from = accountAddress(keys);
  const { primaryType, domain, fields, digest } = readTypedData(unsigned, chain.chainId);
  return message(unsigned, { type: 'typed-data', chain: chain.id, from, primaryType, domain, fields }, digest(), keys);
}

function personalMessage(unsigned: Uint8Array, keys: Pick<AccountKeys, 'ecdsa'>, chain: EvmChain): ReadMessage {
  const from = accountAddress(keys);
  const bytes = readPersonalMessage(unsigned);
  const content: DecodedMessage = { type: 'message', chain: chain.id, from, text: readableText(bytes), bytes };
  return message(unsigned, content, keccak_256(unsigned), keys);
}

function message(
  unsigned: Uint8Array,
  content: DecodedMessage | DecodedTypedData,
  digest: Uint8Array,
  { ecdsa }: Pick<AccountKeys, 'ecdsa'>,
): ReadMessage {
  return {
    kind: 'message',
    unsigned,
    content,
    tasks: [signingTask('ecdsa', digest)],
    assemble: (signatures) => assembleMessage(digest, signatures, ecdsa),
  };
}

function transaction(unsigned: Uint8Array, keys: Pick<AccountKeys, 'ecdsa'>, chain: EvmChain): ReadTransaction {
  const from = accountAddress(keys);
  const { transaction: fields, payments, change, fee } = readUnsignedTransaction(unsigned, from, chain.chainId);
  const digest = keccak_256(unsigned);
  return {
    kind: 'transaction',
    unsigned,
    content: { type: 'transaction', chain: chain.id, from, payments, change, fee },
    tasks: [signingTask('ecdsa', digest)],
    assemble: (signatures) => assembleTransaction(fields, digest, signatures, keys.ecdsa),
  };
}
