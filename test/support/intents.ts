/** Intents of one wallet with every field in the test's hand, their approval, and what a node says to them. */
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { idBytes, randomIntentId } from '#shared/ids.ts';
import { intentHash } from '#shared/intent/intent.ts';
import {
  type Intent,
  IntentSchema,
  RequestSchema,
  SigningRequestSchema,
  type SignRequestSchema,
} from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import type { PathTask } from '#shared/session/signing/rounds.ts';
import { SOLANA_LOCAL } from './chains.ts';
import { type TestWallet, transferOf, verifies } from './device.ts';
import { madeUpTask } from './made-up-task.ts';
import { type OpenPool, refusalOf } from './node-client.ts';

export type Intents = ReturnType<typeof intentsOf>;

export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

export function intentsOf(wallet: TestWallet) {
  /** The transaction of a transfer that no other has. */
  const transaction = (lamports?: bigint): Uint8Array => transferOf(wallet, lamports).requests[0]?.unsigned ?? new Uint8Array();
  const requestsOf = (over: { chain?: string; account?: number; unsigned?: Uint8Array }): Pick<Intent, 'requests'> => ({
    requests: [create(RequestSchema, { chain: SOLANA_LOCAL, account: 0, unsigned: transaction(), ...over })],
  });

  /** An intent with every field in the test's hand. */
  function intentOf(over: Partial<Intent> = {}): Uint8Array {
    const fields = {
      version: 1,
      walletId: idBytes(wallet.walletId),
      intentId: idBytes(randomIntentId()),
      expiresAtMs: BigInt(Date.now() + 60_000),
      ...requestsOf({}),
      ...over,
    };
    return toBinary(IntentSchema, create(IntentSchema, fields));
  }
  const approve = (intent: Uint8Array, by = wallet.identity): Promise<Uint8Array> => by.sign(intentHash(intent));
  const transactionOf = (intent: Uint8Array): Uint8Array => fromBinary(IntentSchema, intent).requests[0]?.unsigned ?? new Uint8Array();
  const taskFor = (digest: Uint8Array): PathTask => madeUpTask('ed25519', digest);

  /** Seals an honest request for an intent, with any approval. */
  const sealed = (pool: OpenPool, intent: Uint8Array, deviceSignature: Uint8Array, digests = [transactionOf(intent)]) =>
    pool.device.request({ intent, deviceSignature, tasks: digests.map(taskFor) });

  /** What a node says to an intent: the code of its refusal, or that it signed. */
  async function verdict(pool: OpenPool, intent: Uint8Array, deviceSignature: Uint8Array): Promise<string> {
    const call = await sealed(pool, intent, deviceSignature);
    let signatures: Uint8Array[] | undefined;
    const { code } = await refusalOf(
      pool.carry(call).then((made) => {
        signatures = made;
      }),
    );
    if (signatures === undefined) return code;
    return verifies(wallet, { requests: [], tasks: [taskFor(transactionOf(intent))] }, signatures[0]) ? 'signed' : 'a bad signature';
  }

  const requestBody = (sign: MessageInitShape<typeof SignRequestSchema>): Uint8Array =>
    toBinary(SigningRequestSchema, create(SigningRequestSchema, { sign }));
  return { transaction, requestsOf, intentOf, approve, transactionOf, sealed, verdict, requestBody };
}
