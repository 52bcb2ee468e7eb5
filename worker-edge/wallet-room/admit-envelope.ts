/**
 * The one door for envelopes: whatever the room stores, carries or releases was read, checked and hashed here, once. A device's
 * envelope carries its signature over everything; a node's comes over a line of its own and is held to its place.
 *
 * Must never: make an {@link AdmittedEnvelope} of an envelope whose signer or place was not checked.
 */
import { envelopeHash, type Header, readHeader, verifyEnvelope } from '#shared/channel/envelope.ts';
import { TrefoilError } from '#shared/errors.ts';
import { DEVICE, type Epoch, type PartyId, type SessionId, type WalletId } from '#shared/ids.ts';
import type { Envelope } from '#shared/proto/gen/trefoil/v1/channel_pb.js';

declare const admitted: unique symbol;

/** An envelope that was checked. Only this file makes one. */
export interface AdmittedEnvelope {
  readonly header: Header;
  /** Names it by all of its bytes, 32 bytes. */
  readonly hash: Uint8Array;
  readonly envelope: Envelope;
  readonly [admitted]: true;
}

/** Where a device's envelope has to belong. */
export interface DevicePlace {
  readonly walletId: WalletId;
  /** The device's Ed25519 key, 32 bytes. */
  readonly identity: Uint8Array;
  /** Undefined where the envelopes may be of several sessions. */
  readonly session?: { readonly sessionId: SessionId; readonly epoch: Epoch; readonly lastRound: number };
  mayReceive(party: PartyId): boolean;
}

/** @throws TrefoilError `input/*`, `channel/*`, `session/wrong-round` */
export async function admitFromDevice(envelope: Envelope, place: DevicePlace): Promise<AdmittedEnvelope> {
  const operation = 'admitEnvelope';
  const header = readHeader(envelope);
  const { session } = place;
  if (header.walletId !== place.walletId) throw new TrefoilError('channel/wrong-wallet', { operation });
  if (session !== undefined) {
    if (header.sessionId !== session.sessionId) throw new TrefoilError('channel/wrong-session', { operation });
    if (header.epoch !== session.epoch) throw new TrefoilError('channel/wrong-epoch', { operation });
    if (header.round > session.lastRound) throw new TrefoilError('session/wrong-round', { operation, round: header.round });
  }
  if (header.from !== DEVICE) throw new TrefoilError('channel/bad-signature', { operation, detail: 'only the device writes here' });
  if (!place.mayReceive(header.to)) throw new TrefoilError('channel/wrong-receiver', { operation });
  return admitOf(envelope, await verifyEnvelope(envelope, place.identity));
}

/** A node's envelope, or undefined when it is not this node's of this session. @throws TrefoilError `input/*` naming the node */
export function admitFromNode(envelope: Envelope, place: { sessionId: SessionId; party: PartyId }): AdmittedEnvelope | undefined {
  try {
    const header = readHeader(envelope);
    return header.sessionId === place.sessionId && header.from === place.party ? admitOf(envelope, header) : undefined;
  } catch (thrown) {
    const { code, detail } = TrefoilError.from(thrown, 'admitEnvelope');
    throw new TrefoilError(code, { operation: 'admitEnvelope', detail, blame: 'peer', culprits: [place.party] });
  }
}

const admitOf = (envelope: Envelope, header: Header): AdmittedEnvelope =>
  ({ header, hash: envelopeHash(envelope), envelope }) as AdmittedEnvelope;
