/**
 * One Durable Object for each wallet: its sessions happen here, one after another, and survive the object's eviction.
 *
 * Must never: hold a share, a key or a plaintext.
 */
import { DurableObject } from 'cloudflare:workers';
import { create, toBinary } from '@bufbuild/protobuf';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { fromBase64 } from '#shared/api/base64.ts';
import { decodeEnvelope } from '#shared/channel/envelope.ts';
import { type VerifiedHello, verifyHello } from '#shared/channel/hello.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { PartyId, SessionId, UnixMs, WalletId } from '#shared/ids.ts';
import { MESSAGE_PARTS_MAX_COUNT, RELAYED_MAX_BYTES } from '#shared/limits.ts';
import { decode } from '#shared/proto/decode.ts';
import { EnvelopesSchema, SignedHelloSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { requireOpening } from '#shared/session/require-opening.ts';
import { type RawSettings, settingsOf } from '../settings.ts';
import { partyClients } from '../upstream/party-client.ts';
import { admit } from './admit-operation.ts';
import { abortCeremony, expireCeremonies, openCeremony, relayCeremony } from './epoch-relay.ts';
import { type OpeningAnswer, phaseOf, type RelayContext } from './relay-context.ts';
import { asResult, type Result } from './result.ts';
import { RoomStore } from './room-store.ts';
import { openSigning, relayMessage, relaySignature } from './signing-relay.ts';

const HELLO_MAX_BYTES = 8192;

/** Who asks: the wallet in the path, and the request's id for events and logs. */
export interface Caller {
  readonly walletId: WalletId;
  readonly requestId: string;
}

export class WalletRoom extends DurableObject<RawSettings> {
  readonly #store = new RoomStore(this.ctx.storage.sql);
  /** Steps of one session run one after another: a repeated request waits for the first and finds its work done. */
  #ceremonyQueue: Promise<unknown> = Promise.resolve();
  /** Where the alarm stands, as far as this instance knows. */
  #alarmAt: UnixMs | undefined;

  /** Opens a session with the device's hello (serialised, base64url). The same hello gets the same answer. */
  openSession(caller: Caller, helloText: string): Promise<Result<OpeningAnswer>> {
    return asResult('openSession', async () => {
      const bytes = fromBase64(helloText);
      const device = await verifyHello(decode(SignedHelloSchema, bytes, HELLO_MAX_BYTES));
      if (device.walletId !== caller.walletId) throw new TrefoilError('channel/wrong-wallet', { operation: 'openSession' });
      const { kind } = requireOpening(device);
      const context = this.#context(caller);
      switch (kind) {
        case 'epoch':
          return this.#inTurn(() => this.#openCeremony(context, device, bytesToHex(sha256(bytes))));
        case 'signing':
          admit(context, device.identity, 'open-signing');
          return openSigning(context, device);
      }
    });
  }

  async #openCeremony(context: RelayContext, device: VerifiedHello, opening: string): Promise<OpeningAnswer> {
    const earlier = this.#store.sessionOpenedBy(opening);
    if (earlier !== undefined) {
      const { sessionId, hellos, envelopes } = JSON.parse(earlier.answer) as OpeningAnswer;
      return { sessionId, hellos, envelopes };
    }
    admit(context, device.identity, 'open-ceremony');
    const opened = await openCeremony(context, device, opening);
    await this.#setAlarm();
    return opened;
  }

  /** Takes envelopes (serialised, base64url) of the device for a session of several rounds. */
  exchange(caller: Caller, sessionId: SessionId, envelopes: readonly string[]): Promise<Result<{ phase: string; envelopes: string[] }>> {
    return asResult('exchange', async () => {
      const parsed = envelopes.map((text) => decodeEnvelope(fromBase64(text)));
      try {
        return await this.#inTurn(() => relayCeremony(this.#context(caller), sessionId, parsed));
      } finally {
        await this.#setAlarm();
      }
    });
  }

  /** Has one of the candidate nodes answer a signing request. */
  sign(caller: Caller, envelopes: readonly string[]): Promise<Result<{ envelope: string; servedBy: PartyId }>> {
    return asResult('sign', async () => {
      const parsed = envelopes.map((text) => decodeEnvelope(fromBase64(text)));
      try {
        return await relaySignature(this.#context(caller), parsed);
      } finally {
        await this.#setAlarm();
      }
    });
  }

  /** Carries one message of a signing session, in all its parts, to its node. @param body a serialised Envelopes, and so is the answer */
  relay(caller: Caller, sessionId: SessionId, body: Uint8Array): Promise<Result<Uint8Array>> {
    return asResult('relay', async () => {
      const { envelopes } = decode(EnvelopesSchema, body, RELAYED_MAX_BYTES);
      if (envelopes.length === 0 || envelopes.length > MESSAGE_PARTS_MAX_COUNT) {
        throw new TrefoilError('input/malformed', { operation: 'relay', detail: `1 to ${MESSAGE_PARTS_MAX_COUNT} envelopes` });
      }
      const answer = await relayMessage(this.#context(caller), sessionId, envelopes);
      return toBinary(EnvelopesSchema, create(EnvelopesSchema, { envelopes: answer }));
    });
  }

  /** Where a session stands. */
  sessionStatus(sessionId: SessionId): Promise<Result<{ phase: string; reason?: { code: string; culprits: number[] } }>> {
    return asResult('sessionStatus', async () => {
      const session = this.#store.session(sessionId);
      if (session === undefined) throw new TrefoilError('session/unknown', { operation: 'sessionStatus' });
      const { state } = session;
      if (state.phase !== 'ABORT') return { phase: phaseOf(state) };
      return { phase: state.phase, reason: { code: state.reason.code, culprits: [...state.reason.culprits] } };
    });
  }

  /** Ends a session at the person's wish. Only who took part knows its id. */
  cancel(caller: Caller, sessionId: SessionId): Promise<Result<null>> {
    return asResult('cancel', async () => {
      if (this.#store.session(sessionId) === undefined) throw new TrefoilError('session/unknown', { operation: 'cancel' });
      await abortCeremony(this.#context(caller), sessionId, new TrefoilError('session/aborted', { operation: 'cancel' }));
      await this.#setAlarm();
      return null;
    });
  }

  override async alarm(): Promise<void> {
    const now = Date.now() as UnixMs;
    this.#alarmAt = undefined;
    const walletId = (this.ctx.id.name ?? '') as WalletId;
    await expireCeremonies(this.#context({ walletId, requestId: 'alarm' }));
    this.#store.purge(now);
    await this.#setAlarm();
  }

  #context(caller: Caller): RelayContext {
    return { ...caller, store: this.#store, parties: partyClients(settingsOf(this.env)), clock: () => Date.now() as UnixMs };
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const run = this.#ceremonyQueue.then(step);
    this.#ceremonyQueue = run.catch(() => undefined);
    return run;
  }

  /** The one alarm stands no later than the nearest deadline or removal; one that rings early finds nothing to do. */
  async #setAlarm(): Promise<void> {
    const due = this.#store.nextDue();
    if (due === undefined) await this.ctx.storage.deleteAlarm();
    else if (this.#alarmAt === undefined || due < this.#alarmAt) await this.ctx.storage.setAlarm(due);
    else return;
    this.#alarmAt = due;
  }
}
