/** Named limits of everything that enters, with the reason for each. Bytes unless the name says otherwise. */

/** One sealed envelope. Larger bodies are chunked, so that a relay never buffers more than this for one party. */
export const ENVELOPE_MAX_BYTES = 256 * 1024;
/** One REST request body: a few envelopes, base64url (4/3), and room for JSON. */
export const REQUEST_MAX_BYTES = 1024 * 1024;
/** One unsigned transaction. A Solana message has at most 1232 bytes; a PSBT with 100 inputs stays below this. */
export const TRANSACTION_MAX_BYTES = 64 * 1024;
/** Inputs signed in one request: each one costs the node one committed nonce. */
export const SIGNATURES_MAX_COUNT = 64;
/** Commitments handed out in one pool session. */
export const COMMITMENTS_MAX_COUNT = 128;
/** An approval may stay valid this long (CRYPTO.md rule 5 caps it at ten minutes). */
export const INTENT_MAX_LIFETIME_MS = 10 * 60 * 1000;
/** A device clock may run ahead of a node's by this much. */
export const CLOCK_SKEW_MS = 60 * 1000;
/** Members of a roster: 3-of-5 across regions is the largest profile planned. */
export const ROSTER_MAX_COUNT = 16;
/** Sessions that one wallet may hold open at a node or in its room. */
export const OPEN_SESSIONS_MAX_COUNT = 8;
/** One-time commitments die after this time even when nobody used them. */
export const POOL_TTL_MS = 60 * 60 * 1000;
/** A multi-round session may take this long in a round, at most and at least. */
export const ROUND_DEADLINE_CEILING_MS = 30_000;
export const ROUND_DEADLINE_FLOOR_MS = 2_000;
/** A signing node that takes longer is passed over for the next one. */
export const SIGN_DEADLINE_CEILING_MS = 5_000;
