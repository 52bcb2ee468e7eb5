/**
 * Prepares and signs messages: text, and typed data. As with payments, what was reviewed stays here until it is approved.
 *
 * Must never: sign what was not reviewed, or sign one review twice.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { TrefoilError } from '#shared/errors.ts';
import type { ChainId, UnixMs } from '#shared/ids.ts';
import { INTENT_MAX_LIFETIME_MS } from '#shared/limits.ts';
import type { ChainPlugin, MessageForms, ReadMessage } from '#shared/ports/chain.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import type { ApproveStep, PreparedMessage, SignedMessage } from '../api.ts';
import { chainOf, type Network } from '../network.ts';
import { type ApprovalSigner, signRequests } from './sign-requests.ts';

interface MessagesDeps {
  readonly network: Network;
  readonly keysOf: (account: number) => AccountKeys;
  readonly signer: ApprovalSigner;
  readonly clock: Clock;
}

interface Kept {
  readonly chain: ChainId;
  readonly account: number;
  readonly request: ReadMessage;
  readonly expires: UnixMs;
}

export class Messages {
  readonly #deps: MessagesDeps;
  readonly #kept = new Map<string, Kept>();

  constructor(deps: MessagesDeps) {
    this.#deps = deps;
  }

  prepareText({ chain, account, text }: { chain: ChainId; account: number; text: string }): PreparedMessage {
    return this.#prepare(chain, account, (forms) => forms.text(text));
  }

  prepareTypedData({ chain, account, json }: { chain: ChainId; account: number; json: string }): PreparedMessage {
    return this.#prepare(chain, account, (forms) => forms.typedData(json));
  }

  #prepare(chain: ChainId, account: number, form: (forms: MessageForms) => Uint8Array): PreparedMessage {
    const { network, keysOf, clock } = this.#deps;
    const { plugin } = chainOf(network, chain);
    const request = plugin.read(form(formsOf(plugin)), keysOf(account));
    if (request.kind !== 'message') {
      throw new TrefoilError('intent/unsupported', { operation: 'prepareMessage', detail: 'it is not a message' });
    }
    const id = crypto.randomUUID();
    this.#kept.clear();
    this.#kept.set(id, { chain, account, request, expires: (clock() + INTENT_MAX_LIFETIME_MS) as UnixMs });
    const [{ digest }] = request.tasks;
    return { id, account, content: request.content, digest: `0x${bytesToHex(digest)}` };
  }

  async approve(id: string, onStep: (step: ApproveStep) => void): Promise<SignedMessage> {
    const { signer, clock } = this.#deps;
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    if (kept === undefined || kept.expires <= clock()) {
      throw new TrefoilError('intent/expired', { operation: 'approveMessage' });
    }
    const { chain, account, request } = kept;
    const { made, servedBy, roundTrips } = await signRequests({ chain, account, requests: [request], signer, onStep });
    const [message] = made;
    if (message === undefined) throw new TrefoilError('service/bug', { operation: 'approveMessage', detail: 'nothing was signed' });
    return { signature: `0x${bytesToHex(message.signed)}`, servedBy, roundTrips };
  }
}

function formsOf({ messages }: ChainPlugin): MessageForms {
  if (messages !== undefined) return messages;
  throw new TrefoilError('intent/unsupported', { operation: 'prepareMessage', detail: 'accounts of this chain sign transactions only' });
}
