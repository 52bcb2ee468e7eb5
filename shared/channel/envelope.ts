/**
 * The outside of a sealed message: what a relay may read and check. Sealing and opening are in `channel.ts`.
 * The signature is over header and ciphertext, so that relays can refuse a stranger's message before they
 * carry it and a party can keep a bad one as evidence; the header is also the seal's additional data, so a member who
 * signs another's ciphertext as its own gets nothing that opens.
 */
import { TrefoilError } from '../errors.ts';
import {
  type Epoch,
  type PartyId,
  parseEpoch,
  parsePartyId,
  parseSessionId,
  parseWalletId,
  type SessionId,
  type WalletId,
} from '../ids.ts';
import { ENVELOPE_MAX_BYTES, MESSAGE_PARTS_MAX_COUNT } from '../limits.ts';
import { decode } from '../proto/decode.ts';
import { type Envelope, EnvelopeHeaderSchema, EnvelopeSchema } from '../proto/gen/trefoil/v1/channel_pb.js';
import { encodeParts, hashParts } from './bytes.ts';
import { verifySignature } from './identity.ts';

/** Version of header, seal and signature. */
export const ENVELOPE_VERSION = 1;
const HEADER_MAX_BYTES = 256;
const SIGNATURE_DOMAIN = 'trefoil/envelope/v1';

/** A parsed header. */
export interface Header {
  readonly walletId: WalletId;
  readonly sessionId: SessionId;
  readonly epoch: Epoch;
  readonly round: number;
  readonly from: PartyId;
  readonly to: PartyId;
  /** Which part of the message this is, from 0, of {@link Header.parts}. */
  readonly part: number;
  readonly parts: number;
}

/** @throws TrefoilError `input/*` */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  return decode(EnvelopeSchema, bytes, ENVELOPE_MAX_BYTES);
}

/** @throws TrefoilError `input/*` */
export function readHeader(envelope: Envelope): Header {
  const operation = 'readHeader';
  if (envelope.ciphertext.length > ENVELOPE_MAX_BYTES) {
    throw new TrefoilError('input/too-large', { operation, detail: `an envelope has at most ${ENVELOPE_MAX_BYTES} bytes` });
  }
  const header = decode(EnvelopeHeaderSchema, envelope.header, HEADER_MAX_BYTES);
  if (header.version !== ENVELOPE_VERSION) {
    throw new TrefoilError('input/unsupported-version', { operation, detail: `this side speaks version ${ENVELOPE_VERSION}` });
  }
  if (header.round < 1) throw new TrefoilError('input/malformed', { operation, detail: 'rounds count from 1' });
  // One part has one form: both fields absent.
  const parts = header.parts === 0 ? 1 : header.parts;
  if (header.parts === 1 || parts > MESSAGE_PARTS_MAX_COUNT || header.part >= parts) {
    throw new TrefoilError('input/malformed', { operation, detail: `a message has at most ${MESSAGE_PARTS_MAX_COUNT} parts` });
  }
  const from = parsePartyId(header.from);
  const to = parsePartyId(header.to);
  if (from === to) throw new TrefoilError('input/malformed', { operation, detail: 'a party does not write to itself' });
  return {
    walletId: parseWalletId(header.walletId),
    sessionId: parseSessionId(header.sessionId),
    epoch: parseEpoch(header.epoch),
    round: header.round,
    from,
    to,
    part: header.part,
    parts,
  };
}

/** The bytes that a sender signs. */
export const signedBytes = (envelope: Pick<Envelope, 'header' | 'enc' | 'ciphertext'>): Uint8Array =>
  encodeParts(SIGNATURE_DOMAIN, envelope.header, envelope.enc, envelope.ciphertext);

/** Names an envelope by all of its bytes: 32 bytes. Equal names mean the identical message. */
export const envelopeHash = (envelope: Envelope): Uint8Array =>
  hashParts(SIGNATURE_DOMAIN, envelope.header, envelope.enc, envelope.ciphertext, envelope.signature);

/**
 * Checks the sender's signature.
 * @throws TrefoilError `input/*`, `channel/bad-signature`
 */
export async function verifyEnvelope(envelope: Envelope, senderIdentity: Uint8Array): Promise<Header> {
  const header = readHeader(envelope);
  if (!(await verifySignature(senderIdentity, signedBytes(envelope), envelope.signature))) {
    throw new TrefoilError('channel/bad-signature', { operation: 'verifyEnvelope', round: header.round, culprits: [header.from] });
  }
  return header;
}
