/**
 * One party's end of a session's sealed channel. It holds the one-use X25519 key of this session, seals each
 * message once (HPKE, RFC 9180: X25519, HKDF-SHA256, AES-256-GCM), keeps it in an outbox, and takes each (round, sender) once.
 *
 * Must never: seal two different messages into one place, or outlive its session with the one-use key.
 */

import { create, toBinary } from '@bufbuild/protobuf';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { TrefoilError } from '../errors.ts';
import { type Epoch, idBytes, type PartyId, type SessionId, type WalletId } from '../ids.ts';
import { ENVELOPE_MAX_BYTES, MESSAGE_PARTS_MAX_COUNT } from '../limits.ts';
import { type Envelope, EnvelopeHeaderSchema, EnvelopeSchema } from '../proto/gen/trefoil/v1/channel_pb.js';
import { equalBytes } from './bytes.ts';
import { ENVELOPE_VERSION, envelopeHash, type Header, readHeader, signedBytes, verifyEnvelope } from './envelope.ts';
import { type Roster, type SessionTerms, sessionIdOf, type VerifiedHello } from './hello.ts';
import type { Identity } from './identity.ts';

const INFO = utf8ToBytes('trefoil/seal/v1');
const hpke = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** A WebCrypto key, in the words of whichever platform's types are in use. */
type WebCryptoKey = Parameters<typeof crypto.subtle.sign>[1];

/** A one-use key pair; the private half cannot be exported. */
export interface OneUseKeys {
  readonly publicKey: Uint8Array;
  readonly privateKey: WebCryptoKey;
}

/** Makes the key pair of one session. */
export async function makeOneUseKeys(): Promise<OneUseKeys> {
  const pair = (await crypto.subtle.generateKey('X25519', false, ['deriveBits'])) as { publicKey: WebCryptoKey; privateKey: WebCryptoKey };
  return { publicKey: new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer), privateKey: pair.privateKey };
}

/** A message as its receiver reads it. */
export interface OpenedMessage {
  readonly from: PartyId;
  readonly round: number;
  readonly body: Uint8Array;
}

/** What a taken place holds: the hash of each part that came, and the answer that the same bytes get again. */
interface Taken {
  readonly parts: number;
  readonly hashes: Map<number, Uint8Array>;
  readonly bodies: Promise<Uint8Array>[];
  /** Undefined until every part is here. */
  answer: Promise<Envelope[]> | undefined;
}

/** Plaintext bytes of one envelope: header, tag and signature fit beside them. */
const PART_MAX_BYTES = ENVELOPE_MAX_BYTES - 1024;
/** Long messages that may be incomplete at the same time: one in the background, one that somebody waits for. */
const INCOMPLETE_MAX_COUNT = 2;

export class Channel {
  readonly sessionId: SessionId;
  readonly walletId: WalletId;
  readonly epoch: Epoch;
  readonly roster: Roster;
  readonly self: PartyId;
  readonly identity: Identity;
  readonly #peerKeys: ReadonlyMap<PartyId, Uint8Array>;
  readonly #outbox = new Map<string, Promise<Envelope[]>>();
  readonly #inbox = new Map<string, Taken>();
  readonly #lastRound: number;
  readonly #maxParts: number;
  #privateKey: WebCryptoKey | undefined;

  /**
   * @param hellos one verified hello of every party, this one's included
   * @param lastRound messages of later rounds are refused, which bounds what a peer can make us keep
   * @param maxParts messages of more envelopes are refused
   * @throws TrefoilError `channel/roster-mismatch` and the like when the hellos do not agree with `terms`
   */
  constructor(options: {
    terms: SessionTerms;
    hellos: readonly VerifiedHello[];
    self: PartyId;
    identity: Identity;
    oneUseKeys: OneUseKeys;
    lastRound: number;
    maxParts?: number;
  }) {
    const { terms, hellos, self, oneUseKeys } = options;
    this.sessionId = sessionIdOf(hellos, terms);
    this.walletId = terms.walletId;
    this.epoch = terms.epoch;
    this.roster = terms.roster;
    this.self = self;
    this.identity = options.identity;
    this.#lastRound = options.lastRound;
    this.#maxParts = options.maxParts ?? 1;
    this.#privateKey = oneUseKeys.privateKey;
    this.#peerKeys = new Map(hellos.filter((hello) => hello.party !== self).map((hello) => [hello.party, hello.oneUseKey]));
    const own = hellos.find((hello) => hello.party === self);
    if (own === undefined || !equalBytes(own.oneUseKey, oneUseKeys.publicKey)) {
      throw new TrefoilError('channel/roster-mismatch', { operation: 'Channel', detail: 'the hello of this party is not its own' });
    }
  }

  /** Every other party, by rising id. */
  get peers(): PartyId[] {
    return [...this.roster.keys()].filter((party) => party !== this.self);
  }

  /** Seals a short `body` for one place of the session. Sealing the same place again returns the first envelope, byte for byte. */
  async seal(to: PartyId, round: number, body: Uint8Array): Promise<Envelope> {
    const [envelope, ...more] = await this.sealAll(to, round, body);
    if (envelope === undefined || more.length > 0) throw new TrefoilError('input/too-large', { operation: 'seal', blame: 'bug', round });
    return envelope;
  }

  /** Seals a `body` of any length for one place, in as many parts as it needs. The same place gives the same envelopes. */
  sealAll(to: PartyId, round: number, body: Uint8Array): Promise<Envelope[]> {
    const place = `${round}/${to}`;
    const sealed = this.#outbox.get(place) ?? this.#sealParts(to, round, body);
    this.#outbox.set(place, sealed);
    return sealed;
  }

  #sealParts(to: PartyId, round: number, body: Uint8Array): Promise<Envelope[]> {
    const count = Math.max(1, Math.ceil(body.length / PART_MAX_BYTES));
    if (count > MESSAGE_PARTS_MAX_COUNT) throw new TrefoilError('input/too-large', { operation: 'seal', blame: 'bug', round });
    const parts = Array.from({ length: count }, (_, part) => body.subarray(part * PART_MAX_BYTES, (part + 1) * PART_MAX_BYTES));
    return Promise.all(parts.map((slice, part) => this.#sealOnce(to, { round, ...(count > 1 && { part, parts: count }) }, slice)));
  }

  /** Drops what was sealed and answered in a round: for long messages whose answer has arrived. The places stay taken. */
  forget(round: number): void {
    const forgotten = Promise.reject(new TrefoilError('session/wrong-round', { operation: 'forget', round }));
    forgotten.catch(() => undefined);
    for (const peer of this.peers) {
      const place = `${round}/${peer}`;
      if (this.#outbox.has(place)) this.#outbox.set(place, forgotten);
      const taken = this.#inbox.get(place);
      if (taken === undefined) continue;
      taken.bodies.length = 0;
      taken.answer = forgotten;
    }
  }

  async #sealOnce(to: PartyId, place: { round: number; part?: number; parts?: number }, body: Uint8Array): Promise<Envelope> {
    const peerKey = this.#peerKeys.get(to);
    if (peerKey === undefined) throw new TrefoilError('channel/wrong-receiver', { operation: 'seal', blame: 'bug' });
    const header = toBinary(
      EnvelopeHeaderSchema,
      create(EnvelopeHeaderSchema, {
        version: ENVELOPE_VERSION,
        walletId: idBytes(this.walletId),
        sessionId: idBytes(this.sessionId),
        epoch: BigInt(this.epoch),
        from: this.self,
        to,
        ...place,
      }),
    );
    const recipientPublicKey = await hpke.kem.importKey('raw', Uint8Array.from(peerKey).buffer, true);
    const { ct, enc } = await hpke.seal({ recipientPublicKey, info: INFO }, body, header);
    const parts = { header, enc: new Uint8Array(enc), ciphertext: new Uint8Array(ct) };
    return create(EnvelopeSchema, { ...parts, signature: await this.identity.sign(signedBytes(parts)) });
  }

  /**
   * Takes one envelope: checks signature, wallet, session, receiver, epoch and round, then opens it and lets `handle`
   * answer. Each (round, sender) is taken once: the identical bytes get the first answer again, be it envelopes or
   * an error. Nothing is taken unless the sender's signature holds.
   * @throws TrefoilError `input/*`, `channel/*`; `session/conflict` for other bytes in a place already taken; what `handle` throws
   */
  async receive(envelope: Envelope, handle: (opened: OpenedMessage) => Promise<Envelope[]>): Promise<Envelope[]> {
    const header = await this.#verify(envelope);
    const { round, from, part, parts } = header;
    const place = `${round}/${from}`;
    const hash = envelopeHash(envelope);
    const taken = this.#inbox.get(place) ?? this.#take(place, header);
    const known = taken.hashes.get(part);
    if (taken.parts !== parts || (known !== undefined && !equalBytes(known, hash))) {
      throw new TrefoilError('session/conflict', { operation: 'receive', round, culprits: [from] });
    }
    // Repeats of the last part ask for the answer; repeats of others are only on their way.
    if (known !== undefined) return part === parts - 1 && taken.answer !== undefined ? taken.answer : [];
    taken.hashes.set(part, hash);
    const body = this.#open(envelope, header);
    taken.bodies[part] = body;
    if (taken.hashes.size < parts) {
      await body;
      return [];
    }
    taken.answer = Promise.all(taken.bodies).then((bodies) => handle({ from, round, body: joined(bodies) }));
    return taken.answer;
  }

  #take(place: string, { round, from, parts }: Header): Taken {
    const context = { operation: 'receive', round, culprits: [from] };
    if (parts > this.#maxParts) throw new TrefoilError('input/too-large', { ...context, detail: 'the message has too many parts' });
    const incomplete = [...this.#inbox.values()].filter(({ answer }) => answer === undefined).length;
    if (parts > 1 && incomplete >= INCOMPLETE_MAX_COUNT) throw new TrefoilError('session/too-many', context);
    const taken: Taken = { parts, hashes: new Map(), bodies: [], answer: undefined };
    this.#inbox.set(place, taken);
    return taken;
  }

  async #verify(envelope: Envelope): Promise<Header> {
    const operation = 'receive';
    const header = readHeader(envelope);
    if (header.walletId !== this.walletId) throw new TrefoilError('channel/wrong-wallet', { operation });
    if (header.sessionId !== this.sessionId) throw new TrefoilError('channel/wrong-session', { operation });
    if (header.to !== this.self) throw new TrefoilError('channel/wrong-receiver', { operation });
    if (header.epoch !== this.epoch) throw new TrefoilError('channel/wrong-epoch', { operation });
    if (header.round > this.#lastRound) throw new TrefoilError('session/wrong-round', { operation, round: header.round });
    const identity = this.roster.get(header.from);
    if (identity === undefined) throw new TrefoilError('channel/bad-signature', { operation, detail: 'the sender is not in the roster' });
    return verifyEnvelope(envelope, identity);
  }

  async #open(envelope: Envelope, header: Header): Promise<Uint8Array> {
    const recipientKey = this.#privateKey;
    if (recipientKey === undefined) throw new TrefoilError('session/ended', { operation: 'receive' });
    try {
      const body = await hpke.open({ recipientKey, enc: envelope.enc, info: INFO }, envelope.ciphertext, envelope.header);
      return new Uint8Array(body);
    } catch (cause) {
      throw new TrefoilError('channel/cannot-open', { operation: 'receive', round: header.round, culprits: [header.from], cause });
    }
  }

  /** Forgets the one-use key: nothing sealed to this session can be opened any more. */
  close(): void {
    this.#privateKey = undefined;
  }
}

function joined(bodies: readonly Uint8Array[]): Uint8Array {
  const [only, ...more] = bodies;
  return only !== undefined && more.length === 0 ? only : concatBytes(...bodies);
}
