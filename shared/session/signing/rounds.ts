/** What both ends of a signing session agree on: one device, one node, one-time material, and the signatures made with it. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { hashParts, uint64 } from '#shared/channel/bytes.ts';
import { idBytes, type SessionId } from '#shared/ids.ts';
import type { SigningTask } from '#shared/ports/chain.ts';
import type { FrostSuite, Outgoing, Path } from '#shared/ports/engine.ts';
import { Protocol } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { type EngineMessageSchema, type PresignStep, PresignStepSchema } from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import { CEREMONIES, lastRoundOf } from '../ceremonies.ts';

/** Round of the node's first commitments; requests of the device count from the next, and each answer has its request's round. */
export const COMMITMENTS_ROUND = 1;
/** Requests of one session; a device opens a new one when they are used up. */
export const SIGNING_ROUNDS = lastRoundOf(CEREMONIES[Protocol.SIGNING]);

const BATCH_DOMAIN = 'trefoil/presign/v1';

/** One signature of an approval, with the child key that makes it. */
export interface PathTask extends SigningTask {
  /** Below the wallet's master key. */
  readonly path: Path;
}

/** How many commitments of each suite. */
export type Counts = Readonly<Record<FrostSuite, number>>;

/** A commitment of the node with its number in the session. */
export interface Slot {
  readonly slot: number;
  readonly commitments: Uint8Array;
}

/** Binds a batch to its session and its number in it: no two batches have the same context. */
export const batchContext = (sessionId: SessionId, batch: number): Uint8Array => hashParts(BATCH_DOMAIN, idBytes(sessionId), uint64(batch));

/** Engine messages as a step of a batch. @param count of presignatures in the first step of the device, 0 in every other */
export function stepOf(batch: number, count: number, messages: readonly Outgoing[]): PresignStep {
  const engineMessages = messages.map(({ round, payload }): MessageInitShape<typeof EngineMessageSchema> => ({ round, payload }));
  return create(PresignStepSchema, { batch, count, messages: engineMessages });
}
