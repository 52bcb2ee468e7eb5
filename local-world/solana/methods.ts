/** The JSON-RPC methods that wallets call, over the local ledger. Names, shapes and units: https://solana.com/docs/rpc/http */
import { base58, base64 } from '@scure/base';
import { z } from 'zod';
import { TrefoilError } from '#shared/errors.ts';
import type { Executed } from './journal.ts';
import type { Account, Ledger } from './ledger.ts';
import { address, type Options, options, parseMessage, parseParams, parseTransaction, signature } from './params.ts';
import { invalidParams, preflightFailed, type RpcError, signatureVerificationFailed } from './rpc-error.ts';
import { BLOCKHASH_LIFETIME_SLOTS } from './slots.ts';
import { readWireTransaction, unsignedTransaction } from './wire-transaction.ts';

export type Method = (params: readonly unknown[]) => unknown;

/** Slots after which a block is final. */
const FINALITY_SLOTS = 32;
const VERSION = { 'solana-core': '3.1.0', 'feature-set': 0 };
const AIRDROP_MAX_LAMPORTS = 1_000_000_000_000;
const HISTORY_LIMIT = 1000;

export function solanaMethods(ledger: Ledger): ReadonlyMap<string, Method> {
  const inContext = (value: unknown): object => ({ context: { slot: ledger.slots.current, apiVersion: VERSION['solana-core'] }, value });
  const confirmationOf = ({ slot }: Executed): { confirmations: number | null; confirmationStatus: string } => {
    const confirmations = ledger.slots.current - slot;
    if (confirmations >= FINALITY_SLOTS) return { confirmations: null, confirmationStatus: 'finalized' };
    return { confirmations, confirmationStatus: confirmations === 0 ? 'processed' : 'confirmed' };
  };

  const methods: Record<string, Method> = {
    getHealth: () => 'ok',
    getVersion: () => VERSION,
    getGenesisHash: () => ledger.genesisHash,
    getSlot: () => ledger.slots.current,
    getBlockHeight: () => ledger.blockHeight,
    getRecentPrioritizationFees: () => [{ slot: ledger.slots.current, prioritizationFee: 0 }],

    getBalance: (params) => inContext(ledger.balance(parseParams(params, address, options)[0])),

    getAccountInfo(params) {
      const [of, { encoding }] = parseParams(params, address, options);
      const account = ledger.account(of);
      return inContext(account === undefined ? null : accountAnswer(account, encoding));
    },

    getMinimumBalanceForRentExemption: (params) =>
      ledger.rentExemptMinimum(parseParams(params, z.number().int().min(0).max(10_485_760), options)[0]),

    getLatestBlockhash() {
      const { current, blockhash } = ledger.slots;
      return inContext({ blockhash: blockhash(current), lastValidBlockHeight: ledger.blockHeight + BLOCKHASH_LIFETIME_SLOTS });
    },

    isBlockhashValid: (params) => inContext(ledger.slots.slotOf(parseParams(params, z.string(), options)[0]) !== undefined),

    getFeeForMessage(params) {
      const [encoded] = parseParams(params, z.string(), options);
      const { bytes, blockhash } = parseMessage(encoded);
      if (ledger.slots.slotOf(blockhash) === undefined) return inContext(null);
      return inContext(ledger.simulate(unsignedTransaction(bytes), { verifySignatures: false }).fee);
    },

    getSignatureStatuses(params) {
      const [signatures] = parseParams(params, z.array(signature).max(256), options);
      const status = (executed: Executed | undefined): object | null =>
        executed === undefined
          ? null
          : {
              slot: executed.slot,
              ...confirmationOf(executed),
              err: executed.failure,
              status: executed.failure === null ? { Ok: null } : { Err: executed.failure },
            };
      return inContext(signatures.map((id) => status(ledger.journal.find(id))));
    },

    getSignaturesForAddress(params) {
      const [of, { limit, before, until }] = parseParams(params, address, options);
      return ledger.journal.mentioning(of, { limit: limit ?? HISTORY_LIMIT, before, until }).map((executed) => ({
        signature: executed.signature,
        slot: executed.slot,
        err: executed.failure,
        memo: null,
        blockTime: Math.floor(executed.unixMs / 1000),
        confirmationStatus: confirmationOf(executed).confirmationStatus,
      }));
    },

    getTransaction(params) {
      const [id, { encoding }] = parseParams(params, signature, options);
      const executed = ledger.journal.find(id);
      return executed === undefined ? null : transactionAnswer(executed, encoding);
    },

    sendTransaction(params) {
      const [encoded, { encoding, skipPreflight }] = parseParams(params, z.string(), options);
      return sendTransaction(ledger, encoded, encoding, skipPreflight ?? false);
    },

    simulateTransaction(params) {
      const [encoded, { encoding, sigVerify, replaceRecentBlockhash }] = parseParams(params, z.string(), options);
      if (sigVerify && replaceRecentBlockhash) throw invalidParams('sigVerify may not be used with replaceRecentBlockhash');
      const transaction = parseTransaction(encoded, encoding);
      const known = replaceRecentBlockhash || ledger.slots.slotOf(transaction.blockhash) !== undefined;
      const nothing = { accounts: null, innerInstructions: null, returnData: null };
      if (!known) return inContext({ err: 'BlockhashNotFound', logs: [], unitsConsumed: 0, ...nothing });
      const { failure, logs, computeUnits } = ledger.simulate(transaction.vm, { verifySignatures: sigVerify ?? false });
      return inContext({ err: failure, logs, unitsConsumed: computeUnits, ...nothing });
    },

    requestAirdrop(params) {
      const [to, lamports] = parseParams(params, address, z.number().int().min(1).max(AIRDROP_MAX_LAMPORTS), options);
      try {
        return ledger.airdrop(to, BigInt(lamports)).signature;
      } catch (cause) {
        throw cause instanceof TrefoilError ? invalidParams(cause.message) : cause;
      }
    },
  };
  return new Map(Object.entries(methods));
}

function sendTransaction(ledger: Ledger, encoded: string, encoding: Options['encoding'], skipPreflight: boolean): string {
  const transaction = parseTransaction(encoded, encoding);
  const refuse = (failure: string): RpcError => preflightFailed({ failure, logs: [], computeUnits: 0 });
  if (ledger.journal.find(transaction.signature) !== undefined) throw refuse('AlreadyProcessed');
  if (ledger.slots.slotOf(transaction.blockhash) === undefined) throw refuse('BlockhashNotFound');
  const trial = ledger.simulate(transaction.vm, { verifySignatures: true });
  if (trial.failure === 'SignatureFailure') throw signatureVerificationFailed();
  if (trial.failure !== null && !skipPreflight) throw preflightFailed(trial);
  ledger.execute(transaction);
  return transaction.signature;
}

function accountAnswer(account: Account, encoding: Options['encoding']): object {
  const data = encoding === 'base58' ? [base58.encode(account.data), 'base58'] : [base64.encode(account.data), 'base64'];
  return {
    lamports: account.lamports,
    owner: account.owner,
    data,
    executable: account.executable,
    rentEpoch: 0,
    space: account.data.length,
  };
}

function transactionAnswer(executed: Executed, encoding: Options['encoding']): object {
  const { failure, fee, logs, computeUnits, preBalances, postBalances } = executed;
  const { message, version, vm } = readWireTransaction(executed.raw);
  const { header } = message;
  const parsed = {
    signatures: Object.values(vm.signatures).map((bytes) => base58.encode(bytes ?? new Uint8Array(64))),
    message: {
      header: {
        numRequiredSignatures: header.numSignerAccounts,
        numReadonlySignedAccounts: header.numReadonlySignerAccounts,
        numReadonlyUnsignedAccounts: header.numReadonlyNonSignerAccounts,
      },
      accountKeys: message.staticAccounts,
      recentBlockhash: message.lifetimeToken,
      instructions: message.instructions.map(({ programAddressIndex, accountIndices = [], data = new Uint8Array() }) => ({
        programIdIndex: programAddressIndex,
        accounts: accountIndices,
        data: base58.encode(new Uint8Array(data)),
        stackHeight: 1,
      })),
    },
  };
  const encoded =
    encoding === 'base64'
      ? [base64.encode(executed.raw), 'base64']
      : encoding === 'base58'
        ? [base58.encode(executed.raw), 'base58']
        : parsed;
  return {
    slot: executed.slot,
    blockTime: Math.floor(executed.unixMs / 1000),
    version,
    transaction: encoded,
    meta: {
      err: failure,
      status: failure === null ? { Ok: null } : { Err: failure },
      fee,
      preBalances,
      postBalances,
      innerInstructions: [],
      logMessages: logs,
      preTokenBalances: [],
      postTokenBalances: [],
      rewards: [],
      loadedAddresses: { readonly: [], writable: [] },
      computeUnitsConsumed: computeUnits,
    },
  };
}
