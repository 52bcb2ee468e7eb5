/** The local Solana: a real Solana virtual machine, a journal that it is rebuilt from, and time in slots. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { FailedTransactionMetadata, LiteSVM, type TransactionMetadata } from 'litesvm';
import { buildSolanaTransfers } from '#shared/chains/solana/build-transfer.ts';
import { walletAddress } from '#shared/chains/solana/wallet-address.ts';
import { failureFromDebug, type TransactionFailure } from './failure.ts';
import { type Executed, type Genesis, Journal } from './journal.ts';
import { type Slots, slotsAt } from './slots.ts';
import { readWireTransaction, type VmTransaction, type WireTransaction } from './wire-transaction.ts';

type VmAddress = Parameters<LiteSVM['getBalance']>[0];
type VmSigned = Parameters<LiteSVM['sendTransaction']>[0];

/** Five million SOL: a million gifts, and still a number that JSON holds exactly. */
const FAUCET_LAMPORTS = 5_000_000n * 1_000_000_000n;
const SYSTEM_PROGRAM = '11111111111111111111111111111111';

export interface Simulated {
  readonly failure: TransactionFailure | null;
  readonly logs: readonly string[];
  readonly computeUnits: number;
  readonly fee: number;
}

export interface Account {
  readonly lamports: number;
  readonly owner: string;
  readonly data: Uint8Array;
  readonly executable: boolean;
}

export class Ledger {
  readonly journal: Journal;
  readonly #vm = new LiteSVM().withBlockhashCheck(false).withTransactionHistory(0n);
  readonly #firstSlot = Number(this.#vm.getClock().slot);
  readonly #genesis: Genesis;
  readonly #clock: () => number;
  #airdrops = 0;

  /** @param path of the journal @param clock Unix time in milliseconds */
  constructor(path: string, clock: () => number, random: (bytes: number) => Uint8Array) {
    this.#clock = clock;
    this.journal = new Journal(path);
    this.#genesis = this.journal.genesis(() => ({ unixMs: clock(), seed: random(32), faucetSecret: random(32) }));
    this.#vm.setAccount({
      address: this.#faucet(),
      lamports: FAUCET_LAMPORTS,
      data: new Uint8Array(),
      executable: false,
      programAddress: SYSTEM_PROGRAM,
      space: 0n,
    } as unknown as Parameters<LiteSVM['setAccount']>[0]);
    this.#vm.withSigverify(false);
    for (const executed of this.journal.all()) this.#run(readWireTransaction(executed.raw).vm, executed.slot, executed.unixMs);
    this.#vm.withSigverify(true);
  }

  get slots(): Slots {
    return slotsAt(this.#clock(), this.#genesis.unixMs, this.#firstSlot, this.#genesis.seed);
  }

  /** Slots since the first. */
  get blockHeight(): number {
    return this.slots.current - this.#firstSlot;
  }

  get genesisHash(): string {
    return slotsAt(0, 0, 0, this.#genesis.seed).blockhash(0);
  }

  balance(address: string): number {
    return Number(this.#vm.getBalance(address as VmAddress) ?? 0n);
  }

  account(address: string): Account | undefined {
    const account = this.#vm.getAccount(address as VmAddress);
    if (!account.exists || account.lamports === 0n) return undefined;
    return {
      lamports: Number(account.lamports),
      owner: account.programAddress,
      data: new Uint8Array(account.data),
      executable: account.executable,
    };
  }

  rentExemptMinimum(dataLength: number): number {
    return Number(this.#vm.minimumBalanceForRentExemption(BigInt(dataLength)));
  }

  /** Nothing changes. Signatures are checked only when asked for. */
  simulate(transaction: VmTransaction, options: { verifySignatures: boolean }): Simulated {
    if (options.verifySignatures && Object.values(transaction.signatures).includes(null)) {
      return { failure: 'SignatureFailure', logs: [], computeUnits: 0, fee: 0 };
    }
    this.#vm.withSigverify(options.verifySignatures);
    try {
      const result = this.#vm.simulateTransaction(transaction as unknown as VmSigned);
      return result instanceof FailedTransactionMetadata ? outcome(result) : outcome(result.meta());
    } finally {
      this.#vm.withSigverify(true);
    }
  }

  /** Executes, and keeps what was charged for. @returns the failure of a transaction that leaves no trace */
  execute(transaction: WireTransaction): { executed: Executed } | { refused: Simulated } {
    const { current: slot } = this.slots;
    const unixMs = this.#clock();
    const preBalances = transaction.accounts.map((address) => this.balance(address));
    const result = outcome(this.#run(transaction.vm, slot, unixMs));
    const postBalances = transaction.accounts.map((address) => this.balance(address));
    const charged = result.failure === null || postBalances[0] !== preBalances[0];
    if (!charged) return { refused: result };
    const { raw, signature, accounts } = transaction;
    const executed = { ...result, signature, slot, unixMs, raw, accounts: [...accounts], preBalances, postBalances };
    this.journal.append(executed);
    return { executed };
  }

  /** A transfer from the faucet account. @throws TrefoilError `chain/bad-address`, `chain/dust` */
  airdrop(to: string, lamports: bigint): Executed {
    const { current, blockhash } = this.slots;
    const keys = { ed25519: ed25519.getPublicKey(this.#genesis.faucetSecret) };
    // A rising price makes two gifts in one slot two transactions.
    this.#airdrops += 1;
    const [message = new Uint8Array()] = buildSolanaTransfers(
      { keys, payments: [{ to, amount: lamports, token: undefined }] },
      {
        balance: BigInt(this.balance(this.#faucet())),
        blockhash: blockhash(current),
        lastValidBlockHeight: 0n,
        rentExemptMinimum: BigInt(this.rentExemptMinimum(0)),
        recipientBalances: new Map([[to, BigInt(this.balance(to))]]),
        microLamports: BigInt(this.#airdrops),
      },
    );
    const raw = concatBytes(Uint8Array.of(1), ed25519.sign(message, this.#genesis.faucetSecret), message);
    const result = this.execute(readWireTransaction(raw));
    if ('refused' in result) throw new Error(`the airdrop failed: ${JSON.stringify(result.refused.failure)}`);
    return result.executed;
  }

  close(): void {
    this.journal.close();
  }

  #faucet(): string {
    return walletAddress({ ed25519: ed25519.getPublicKey(this.#genesis.faucetSecret) });
  }

  #run(transaction: VmTransaction, slot: number, unixMs: number): TransactionMetadata | FailedTransactionMetadata {
    const clock = this.#vm.getClock();
    clock.slot = BigInt(slot);
    clock.unixTimestamp = BigInt(Math.floor(unixMs / 1000));
    this.#vm.setClock(clock);
    return this.#vm.sendTransaction(transaction as unknown as VmSigned);
  }
}

function outcome(result: TransactionMetadata | FailedTransactionMetadata): Simulated {
  const meta = result instanceof FailedTransactionMetadata ? result.meta() : result;
  const debug = result.toString();
  return {
    failure: result instanceof FailedTransactionMetadata ? failureFromDebug(debug) : null,
    logs: meta.logs(),
    computeUnits: Number(meta.computeUnitsConsumed()),
    // The machine tells its fee in its text only.
    fee: Number(/, fee: (\d+) \}/.exec(debug)?.[1] ?? 0),
  };
}
