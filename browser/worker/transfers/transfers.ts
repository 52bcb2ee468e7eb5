/**
 * Prepares, signs and sends payments. The bytes that were reviewed stay here between review and approval; the page holds
 * only their id.
 *
 * Must never: sign bytes that were not reviewed, or sign the bytes of one review twice.
 */
import { TrefoilError } from '#shared/errors.ts';
import type { ChainId, UnixMs } from '#shared/ids.ts';
import { INTENT_MAX_LIFETIME_MS, REQUESTS_MAX_COUNT } from '#shared/limits.ts';
import type { ChainPlugin, DecodedTransaction, Payment, ReadTransaction, SignedTransaction } from '#shared/ports/chain.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import type { ApproveStep, PreparedTransfer, SentTransfer } from '../api.ts';
import { chainOf, clientOf, type Network } from '../network.ts';
import type { SentLog } from './sent-log.ts';
import { type ApprovalSigner, type SignedRequest, signRequests } from './sign-requests.ts';
import { warningsOfRecipient, warningsOfTotal } from './warnings.ts';

interface TransfersDeps {
  readonly network: Network;
  readonly keysOf: (account: number) => AccountKeys;
  readonly signer: ApprovalSigner;
  readonly log: SentLog;
  /** Addresses that money went to or came from before, on this chain. */
  readonly known: (chain: ChainId, account: number) => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
}

interface Kept {
  readonly chain: ChainId;
  readonly account: number;
  readonly transactions: readonly ReadTransaction[];
  readonly expires: UnixMs;
}

/** Waits between attempts to hand the same signed bytes to a network that does not answer; repeating them is harmless. */
const BROADCAST_WAITS_MS = [1_000, 3_000];

export class Transfers {
  readonly #deps: TransfersDeps;
  readonly #kept = new Map<string, Kept>();

  constructor(deps: TransfersDeps) {
    this.#deps = deps;
  }

  async prepare(request: { chain: ChainId; account: number; payments: readonly Payment[] }): Promise<PreparedTransfer> {
    const { network, keysOf, known, clock } = this.#deps;
    const { chain, account } = request;
    const { plugin } = chainOf(network, chain);
    const client = clientOf(network, chain);
    const keys = keysOf(account);
    const token = assertOneAsset(request.payments);
    const wished = request.payments.map((payment) => ({ ...payment, to: plugin.parseAddress(payment.to) }));
    const built = await client.buildTransfers({ keys, payments: wished });
    const transactions = built.map((unsigned) => readBack(plugin, unsigned, keys));
    const decoded = transactions.map(({ content }) => content);
    const own = plugin.addresses(keys).map(({ address }) => address);
    checkIsRequested(decoded, wished, own);
    const [knownAddresses, balance] = await Promise.all([known(chain, account), client.balance(keys, token).catch(() => undefined)]);
    const id = crypto.randomUUID();
    // One review at a time: an older one can no longer be approved.
    this.#kept.clear();
    this.#kept.set(id, { chain, account, transactions, expires: (clock() + INTENT_MAX_LIFETIME_MS) as UnixMs });
    const [fee, change] = [sum(decoded.map((each) => each.fee)), sum(decoded.map((each) => each.change))];
    return {
      ...{ id, chain, account, change, fee },
      payments: wished.map((payment) => ({ ...payment, warnings: warningsOfRecipient({ to: payment.to, own, known: knownAddresses }) })),
      transactions: transactions.length,
      warnings: warningsOfTotal({ amount: sum(wished.map(({ amount }) => amount)), fee: token === undefined ? fee : 0n, balance }),
    };
  }

  async approve(id: string, onStep: (step: ApproveStep) => void): Promise<SentTransfer> {
    const { signer, clock } = this.#deps;
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    if (kept === undefined || kept.expires <= clock()) {
      throw new TrefoilError('intent/expired', { operation: 'approve' });
    }
    const { chain, account, transactions } = kept;
    const { made, servedBy, roundTrips } = await signRequests({ chain, account, requests: transactions, signer, onStep });
    onStep('broadcasting');
    await this.#record(kept, made);
    const signed = made.map((each) => each.signed);
    for (const [at, transaction] of signed.entries()) {
      try {
        await this.#broadcast(chain, transaction);
      } catch (thrown) {
        throw await this.#stopAt(at, signed, TrefoilError.from(thrown, 'broadcast'));
      }
    }
    return { chain, transactionIds: signed.map(({ id: transactionId }) => transactionId), servedBy, roundTrips };
  }

  /** Recorded first: a page that dies now must still show what it may have sent. */
  async #record({ chain, account }: Kept, made: readonly SignedRequest<DecodedTransaction, SignedTransaction>[]): Promise<void> {
    const time = Math.floor(this.#deps.clock() / 1000);
    const entries = made.flatMap(({ content, signed: { id } }) =>
      paymentsOf(content).map(({ to, amount, token }) => ({
        ...{ chain, account, id, to, amount, token, time },
        fee: content.fee,
        state: 'pending' as const,
      })),
    );
    await this.#deps.log.add(entries);
  }

  /** What follows a transaction that was refused is not sent: it was signed to come after it. */
  async #stopAt(at: number, signed: readonly SignedTransaction[], failure: TrefoilError): Promise<TrefoilError> {
    const unsent = failure.code === 'chain/rejected' ? signed.slice(at) : signed.slice(at + 1);
    for (const { id } of unsent) await this.#deps.log.mark(id, 'failed');
    if (at === 0) return failure;
    const detail = `${at} of ${signed.length} transactions were sent before; ${failure.detail ?? 'the next one was not'}`;
    return new TrefoilError(failure.code, { operation: 'broadcast', detail, cause: failure });
  }

  async #broadcast(chain: ChainId, signed: SignedTransaction): Promise<void> {
    const client = clientOf(this.#deps.network, chain);
    for (const wait of [...BROADCAST_WAITS_MS, undefined]) {
      try {
        return await client.broadcast(signed);
      } catch (thrown) {
        const failure = TrefoilError.from(thrown, 'broadcast');
        if (failure.code === 'chain/rejected') throw failure;
        if (wait === undefined) {
          const detail = 'the transaction may have been sent: look at the history before sending it again';
          throw new TrefoilError('chain/unavailable', { operation: 'broadcast', detail, cause: failure });
        }
        await this.#deps.sleep(wait);
      }
    }
  }
}

/** One approval pays with one asset. @returns the token's contract, or undefined for the chain's own money */
function assertOneAsset(payments: readonly Payment[]): string | undefined {
  const tokens = new Set(payments.map(({ token }) => token));
  if (payments.length === 0 || payments.length > REQUESTS_MAX_COUNT || tokens.size !== 1) {
    const detail = `one approval pays 1 to ${REQUESTS_MAX_COUNT} recipients with one asset`;
    throw new TrefoilError('input/malformed', { operation: 'prepare', detail });
  }
  return payments[0]?.token;
}

function readBack(plugin: ChainPlugin, unsigned: Uint8Array, keys: AccountKeys): ReadTransaction {
  const request = plugin.read(unsigned, keys);
  if (request.kind !== 'transaction')
    throw new TrefoilError('intent/unsupported', { operation: 'prepare', detail: 'it is not a transaction' });
  return request;
}

/** A payment to oneself is change in the transaction's own words; a history still shows it. */
const paymentsOf = ({ payments, change, from }: DecodedTransaction): readonly Payment[] =>
  payments.length > 0 ? payments : [{ to: from, amount: change, token: undefined }];

/** The network helped to build the bytes; they must still be the payments that the person asked for, in their order, and nothing else. */
function checkIsRequested(decoded: readonly DecodedTransaction[], wished: readonly Payment[], own: readonly string[]): void {
  const toOthers = wished.filter(({ to }) => !own.includes(to));
  const toSelf = wished.filter(({ to }) => own.includes(to));
  const found = decoded.flatMap(({ payments }) => payments);
  const same =
    found.length === toOthers.length &&
    found.every(({ to, amount, token }, at) => {
      const wish = toOthers[at];
      return wish?.to === to && wish.amount === amount && wish.token === token;
    });
  const returned = sum(decoded.map(({ change }) => change));
  if (!same || returned < sum(toSelf.map(({ amount }) => amount))) {
    throw new TrefoilError('intent/unsupported', { operation: 'prepare', detail: 'the transaction is not the requested transfer' });
  }
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
