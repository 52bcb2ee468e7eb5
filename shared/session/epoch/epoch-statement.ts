/** PREPARED and COMMITTED: a party's signed word that it durably holds the new epoch, and that it made it current. */
import { create, toBinary } from '@bufbuild/protobuf';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { encodeParts, equalBytes, uint64 } from '#shared/channel/bytes.ts';
import { type Identity, verifySignature } from '#shared/channel/identity.ts';
import { TrefoilError } from '#shared/errors.ts';
import { type Epoch, idBytes, type PartyId, type WalletId } from '#shared/ids.ts';
import { decode } from '#shared/proto/decode.ts';
import { EpochStatement_Kind, EpochStatementSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';

const DOMAIN = 'trefoil/epoch-statement/v1';
const STATEMENT_MAX_BYTES = 256;

/** What a statement is about. */
export interface EpochSubject {
  readonly walletId: WalletId;
  readonly epoch: Epoch;
  /** SHA-256 of the public package, 32 bytes. */
  readonly publicPackageHash: Uint8Array;
}

/** `prepared`: the share is durable here. `committed`: all have prepared, and the epoch is current here. */
export type EpochWord = 'prepared' | 'committed';

const KINDS = { prepared: EpochStatement_Kind.PREPARED, committed: EpochStatement_Kind.COMMITTED } as const;

const statementBytes = (word: EpochWord, subject: EpochSubject, party: PartyId): Uint8Array =>
  encodeParts(DOMAIN, utf8ToBytes(word), idBytes(subject.walletId), uint64(subject.epoch), uint64(party), subject.publicPackageHash);

/** A signed statement, serialised. */
export async function signEpochStatement(word: EpochWord, subject: EpochSubject, party: PartyId, identity: Identity): Promise<Uint8Array> {
  return toBinary(
    EpochStatementSchema,
    create(EpochStatementSchema, {
      kind: KINDS[word],
      publicPackageHash: subject.publicPackageHash,
      signature: await identity.sign(statementBytes(word, subject, party)),
    }),
  );
}

/**
 * Checks a peer's statement and returns its signature, for the commit certificate.
 * @throws TrefoilError `input/malformed`, `epoch/conflict` when it is about another package, `channel/bad-signature`
 */
export async function verifyEpochStatement(
  bytes: Uint8Array,
  expected: { word: EpochWord; subject: EpochSubject; party: PartyId; identity: Uint8Array },
): Promise<Uint8Array> {
  const context = { operation: 'verifyEpochStatement', culprits: [expected.party] };
  const statement = decode(EpochStatementSchema, bytes, STATEMENT_MAX_BYTES);
  if (statement.kind !== KINDS[expected.word]) throw new TrefoilError('session/wrong-round', context);
  if (!equalBytes(statement.publicPackageHash, expected.subject.publicPackageHash)) throw new TrefoilError('epoch/conflict', context);
  const message = statementBytes(expected.word, expected.subject, expected.party);
  if (!(await verifySignature(expected.identity, message, statement.signature))) throw new TrefoilError('channel/bad-signature', context);
  return statement.signature;
}
