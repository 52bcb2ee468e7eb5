/**
 * Prepares, signs and sends transfers. The bytes that were reviewed stay here between review and approval; the page holds
 * only their id.
 *
 * Must never: sign bytes that were not reviewed, or sign the bytes of one review twice.
 */
import { TrefoilError } from '../../../shared/errors.ts';
import type { ChainId, UnixMs } from '../../../shared/ids.ts';
import { INTENT_MAX_LIFETIME_MS } from '../../../shared/limits.ts';
import type { DecodedTransaction, SignedTransaction } from '../../../shared/ports/chain.ts';
import type { FrostSuite, PublicKeys } from '../../../shared/ports/engine.ts';
import type { ApproveStep, PreparedTransfer, SentTransfer } from '../api.ts';
import { chainOf, clientOf, type Network } from '../network.ts';
import type { SentLog } from './sent-log.ts';
import { warningsFor } from './warnings.ts';

/** The part of the signer that a transfer needs. */
interface TransferSigner {
  sign(request: { chain: ChainId; transaction: Uint8Array; digests: readonly Uint8Array[]; suite: FrostSuite }): Promise<{
    signatures: Uint8Array[];
    servedBy: string;
    roundTrips: number;
  }>;
}

interface TransfersDeps {
  readonly network: Network;
  readonly keys: PublicKeys;
  readonly signer: TransferSigner;
  readonly log: SentLog;
  /** Addresses that money went to or came from before, on this chain. */
  readonly known: (chain: ChainId) => Promise<readonly string[]>;
  readonly now: () => UnixMs;
  readonly sleep: (ms: number) => Promise<void>;
}

interface Kept {
  readonly chain: ChainId;
  readonly unsigned: Uint8Array;
  readonly to: string;
  readonly amount: bigint;
  readonly fee: bigint;
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

  async prepare({ chain, to, amount }: { chain: ChainId; to: string; amount: bigint }): Promise<PreparedTransfer> {
    const { network, keys, known, now } = this.#deps;
    const { plugin } = chainOf(network, chain);
    const client = clientOf(network, chain);
    const address = plugin.parseAddress(to);
    const unsigned = await client.buildTransfer({ keys, to: address, amount });
    const decoded = plugin.decode(unsigned, keys);
    checkIsRequested(decoded, address, amount);
    const { payments, change, fee } = decoded;
    const [knownAddresses, balance] = await Promise.all([known(chain), client.balance(decoded.from).catch(() => undefined)]);
    const id = crypto.randomUUID();
    // One review at a time: an older one can no longer be approved.
    this.#kept.clear();
    this.#kept.set(id, { chain, unsigned, to: address, amount, fee, expires: (now() + INTENT_MAX_LIFETIME_MS) as UnixMs });
    const warnings = warningsFor({ to: address, amount, fee, own: decoded.from, known: knownAddresses, balance });
    return { id, chain, payments: payments.length > 0 ? payments : [{ to: address, amount }], change, fee, total: amount + fee, warnings };
  }

  async approve(id: string, onStep: (step: ApproveStep) => void): Promise<SentTransfer> {
    const { network, keys, signer, log, now } = this.#deps;
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    if (kept === undefined || kept.expires <= now()) {
      throw new TrefoilError('intent/expired', { operation: 'approve' });
    }
    const { chain, unsigned, to, amount, fee } = kept;
    const { plugin } = chainOf(network, chain);
    onStep('signing');
    const digests = plugin.digests(unsigned, keys);
    const { signatures, servedBy, roundTrips } = await signer.sign({ chain, transaction: unsigned, digests, suite: plugin.keyKind });
    const signed = plugin.assemble(unsigned, signatures, keys);
    onStep('broadcasting');
    // Recorded first: a page that dies now must still show what it may have sent.
    await log.add({ chain, id: signed.id, to, amount, fee, time: Math.floor(now() / 1000), state: 'pending' });
    await this.#broadcast(chain, signed);
    return { chain, transactionId: signed.id, servedBy, roundTrips };
  }

  async #broadcast(chain: ChainId, signed: SignedTransaction): Promise<void> {
    const client = clientOf(this.#deps.network, chain);
    for (const wait of [...BROADCAST_WAITS_MS, undefined]) {
      try {
        return await client.broadcast(signed);
      } catch (thrown) {
        const failure = TrefoilError.from(thrown, 'broadcast');
        if (failure.code === 'chain/rejected') {
          await this.#deps.log.mark(signed.id, 'failed');
          throw failure;
        }
        if (wait === undefined) {
          const detail = 'the transaction may have been sent: look at the history before sending it again';
          throw new TrefoilError('chain/unavailable', { operation: 'broadcast', detail, cause: failure });
        }
        await this.#deps.sleep(wait);
      }
    }
  }
}

/** The network helped to build the bytes; they must still be the transfer that the person asked for, and nothing else. */
function checkIsRequested({ payments, change, from }: DecodedTransaction, to: string, amount: bigint): void {
  const [payment] = payments;
  const toOther = payments.length === 1 && payment?.to === to && payment.amount === amount;
  const toSelf = to === from && payments.length === 0 && change >= amount;
  if (!toOther && !toSelf) {
    throw new TrefoilError('intent/unsupported', { operation: 'prepare', detail: 'the transaction is not the requested transfer' });
  }
}
