/** Named limits of everything that enters, with the reason for each. Bytes unless the name says otherwise. */

/** One sealed envelope. Larger bodies are chunked, so that a relay never buffers more than this for one party. */
export const ENVELOPE_MAX_BYTES = 256 * 1024;
/** Envelopes of one message: a batch of 32 presignatures takes 1.7 MB each way (416 rows of four scalars for each). */
export const MESSAGE_PARTS_MAX_COUNT = 9;
/** One long message. */
export const MESSAGE_MAX_BYTES = MESSAGE_PARTS_MAX_COUNT * ENVELOPE_MAX_BYTES;
/** One long message with its envelopes, as a REST body and in a call to a node. */
export const RELAYED_MAX_BYTES = MESSAGE_MAX_BYTES + 16 * 1024;
/** One REST request body: a few envelopes, base64url (4/3), and room for JSON. */
export const REQUEST_MAX_BYTES = 1024 * 1024;
/** One unsigned transaction. A Solana message has at most 1232 bytes; a PSBT with 100 inputs stays below this. */
export const TRANSACTION_MAX_BYTES = 64 * 1024;
/** Signatures of one approval (a Bitcoin payment takes one for each coin): each one costs both sides one-time material. */
export const SIGNATURES_MAX_COUNT = 32;
/** Transactions or messages of one approval: as many as a person can read. */
export const REQUESTS_MAX_COUNT = 16;
/** Commitments handed out in one pool session. */
export const COMMITMENTS_MAX_COUNT = 128;
/** An approval may stay valid this long (docs/protocol.md, rule 5). */
export const INTENT_MAX_LIFETIME_MS = 10 * 60 * 1000;
/** A device clock may run ahead of a node's by this much. */
export const CLOCK_SKEW_MS = 60 * 1000;
/** Members of a roster: 3-of-5 across regions is the largest profile planned. */
export const ROSTER_MAX_COUNT = 16;
/** Sessions that one wallet may hold open at a node or in its room. */
export const OPEN_SESSIONS_MAX_COUNT = 8;
/** One-time commitments and presignatures die after this time even when nobody used them. */
export const POOL_TTL_MS = 12 * 60 * 60 * 1000;
/** Presignatures of one batch. */
export const BATCH_MAX_COUNT = 32;
/** Presignatures that a node keeps for one session: a full pool, and as many that the device spent without asking this node. */
export const PRESIGNATURES_MAX_COUNT = 2 * BATCH_MAX_COUNT;
/** Unfinished batches of a session: one in the background, one for a signature that waits. Each costs some megabytes; a third ends the first. */
export const OPEN_BATCHES_MAX_COUNT = 2;
/** Unfinished batches of a whole node. */
export const NODE_BATCHES_MAX_COUNT = 32;
/** An unfinished batch is given up after this time, and the answer to a presigning step can be had again for as long. */
export const BATCH_DEADLINE_MS = 60_000;
/** Failed checks that a wallet's device may cause at a node before presigning rests for {@link STRIKES_KEPT_MS}. */
export const STRIKES_MAX_COUNT = 8;
export const STRIKES_KEPT_MS = 60 * 60 * 1000;
/** A multi-round session may take this long in a round, at most and at least. */
export const ROUND_DEADLINE_CEILING_MS = 30_000;
export const ROUND_DEADLINE_FLOOR_MS = 2_000;
/** A signing node that takes longer is passed over for the next one. */
export const SIGN_DEADLINE_CEILING_MS = 5_000;
