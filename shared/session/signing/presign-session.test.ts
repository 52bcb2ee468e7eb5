import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { TrefoilError } from '#shared/errors.ts';
import type { PartyId, UnixMs } from '#shared/ids.ts';
import { BATCH_DEADLINE_MS, PRESIGNATURES_MAX_COUNT } from '#shared/limits.ts';
import type { Engine, Path } from '#shared/ports/engine.ts';
import { type SigningReply, SigningReplySchema, SigningRequestSchema } from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import { codeOf } from '#test/support/code-of.ts';
import { clock, makeWallet } from '#test/support/parties.ts';
import {
  answerOf,
  carry,
  DEVICE,
  digestOf,
  type Ends,
  type EndsOptions,
  NO_COMMITMENTS,
  NODE,
  presign,
  signingEnds,
  type TestWalletParties,
  taskOf,
} from '#test/support/signing-ends.ts';
import { loadEngine } from '#wasm/js/load-node.ts';

let engine: Engine;
let wallet: TestWalletParties;
beforeAll(async () => {
  engine = await loadEngine();
  wallet = await makeWallet();
});

const ends = (options?: EndsOptions): Promise<Ends> => signingEnds(engine, wallet, options);
const ask = ({ device }: Ends, presignatures: number) => device.prepare({ presignatures, commitments: NO_COMMITMENTS });

/** Whether noble, which is not ours, verifies the 65 bytes under a child key and recovers it from them. */
function isSignature(signature: Uint8Array | undefined, digest: Uint8Array, path: Path): boolean {
  const child = engine.derive(wallet.shares.get(DEVICE)?.publicPackage ?? new Uint8Array(), 'ecdsa', path).key;
  if (signature?.length !== 65) return false;
  const parsed = secp256k1.Signature.fromBytes(signature.slice(0, 64), 'compact').addRecoveryBit(signature[64] ?? 9);
  const recovered = parsed.recoverPublicKey(digest).toBytes(true);
  const verified = secp256k1.verify(signature.slice(0, 64), digest, child, { prehash: false, lowS: true });
  return verified && Buffer.from(recovered).equals(child);
}

describe('signing session: ECDSA', () => {
  it('makes a batch in two exchanges and signs in one, with several paths in one request', async () => {
    const both = await ends();
    expect(await presign(both, 4)).toBe(4);
    expect(both.device.available('ecdsa')).toBe(4);
    const tasks = [taskOf('ecdsa', 1), taskOf('ecdsa', 2, [0, 7]), taskOf('ed25519', 3), taskOf('ecdsa', 4, [])];
    const signatures = await carry(both.node, await both.request(tasks));
    expect(isSignature(signatures[0], digestOf(1), [0, 0])).toBe(true);
    expect(isSignature(signatures[1], digestOf(2), [0, 7])).toBe(true);
    expect(isSignature(signatures[3], digestOf(4), [])).toBe(true);
    expect(both.device.available('ecdsa')).toBe(1);
  });

  it('signs with either node of the wallet', async () => {
    const both = await ends({ node: 3 as PartyId });
    await presign(both, 1);
    const [signature] = await carry(both.node, await both.request([taskOf('ecdsa', 1)]));
    expect(isSignature(signature, digestOf(1), [0, 0])).toBe(true);
  });

  it('signs cold in two exchanges, and keeps what was made beyond the need', async () => {
    const both = await ends();
    const batch = await carry(both.node, await ask(both, 3));
    const tasks = [taskOf('ecdsa', 1), taskOf('ecdsa', 2, [0, 1])];
    const signatures = await carry(both.node, await both.request(tasks, batch));
    expect(signatures.map((signature, at) => isSignature(signature, digestOf(at + 1), [0, at]))).toEqual([true, true]);
    const [third] = await carry(both.node, await both.request([taskOf('ecdsa', 3)]));
    expect(isSignature(third, digestOf(3), [0, 0])).toBe(true);
  });

  it('sends a batch of 32 in parts and puts it together again', async () => {
    const both = await ends();
    const batch = await carry(both.node, await ask(both, 32));
    if (batch === undefined) throw new Error('a batch');
    const call = await both.device.complete(batch);
    expect(call.envelopes.length).toBeGreaterThan(6);
    expect(await carry(both.node, call)).toBe(32);
  });

  it('never uses a presignature for two requests', async () => {
    const both = await ends({ tasks: [taskOf('ecdsa', 1)] });
    await presign(both, 1);
    const call = await both.request([taskOf('ecdsa', 1)]);
    const reply = await answerOf(both.node, call);
    expect(await answerOf(both.node, call)).toEqual(reply);
    const { sign } = fromBinary(SigningRequestSchema, await bodyOf(both, call.envelopes));
    const again = await both.deviceChannel.seal(
      NODE,
      99,
      toBinary(SigningRequestSchema, create(SigningRequestSchema, { ...(sign && { sign }) })),
    );
    expect(await codeOf(both.node.receive(again))).toBe('intent/commitment-spent');
    expect(both.device.available('ecdsa')).toBe(0);
    expect(await codeOf(both.request([taskOf('ecdsa', 2)]))).toBe('intent/commitment-spent');
  });

  it('spends what a refused request named, on the device', async () => {
    const both = await ends({ refuse: new TrefoilError('intent/expired', { operation: 'test' }) });
    await presign(both, 2);
    const call = await both.request([taskOf('ecdsa', 1)]);
    expect(await codeOf(answerOf(both.node, call))).toBe('intent/expired');
    call.cancel();
    expect(both.device.available('ecdsa')).toBe(1);
  });

  it('burns the whole batch of a cold signature that the node refuses', async () => {
    const both = await ends({ refuse: new TrefoilError('intent/not-authorised', { operation: 'test' }) });
    const batch = await carry(both.node, await ask(both, 2));
    const call = await both.request([taskOf('ecdsa', 1)], batch);
    expect(await codeOf(answerOf(both.node, call))).toBe('intent/not-authorised');
    call.cancel();
    expect(both.device.available('ecdsa')).toBe(0);
  });

  it('refuses a digest or a path that the node does not find in the intent', async () => {
    for (const found of [taskOf('ecdsa', 2), taskOf('ecdsa', 1, [0, 1])]) {
      const both = await ends({ tasks: [found] });
      await presign(both, 1);
      expect(await codeOf(answerOf(both.node, await both.request([taskOf('ecdsa', 1)])))).toBe('engine/echo-mismatch');
    }
  });
});

describe('presigning: blame and limits', () => {
  it('names the device for a changed message, counts a strike, burns the batch, and lets a new one begin', async () => {
    const both = await ends();
    const batch = await carry(both.node, await ask(both, 2));
    if (batch === undefined) throw new Error('a batch');
    const call = await both.device.complete(batch);
    const request = fromBinary(SigningRequestSchema, await bodyOf(both, call.envelopes));
    const last = request.presign?.messages.at(-1)?.payload;
    if (last === undefined) throw new Error('a message');
    last[last.length - 1] = (last[last.length - 1] ?? 0) ^ 1;
    const cheating = await both.deviceChannel.sealAll(NODE, 98, toBinary(SigningRequestSchema, request));
    const refusal = answerOf(both.node, { ...call, envelopes: cheating });
    await expect(refusal).rejects.toMatchObject({ blame: 'peer', culprits: [DEVICE] });
    expect(both.strikes).toHaveLength(1);
    // Nothing of the batch is left: the honest step finds none.
    expect(await codeOf(answerOf(both.node, call))).toBe('intent/commitment-spent');
    call.cancel();
    expect(await presign(both, 1)).toBe(1);
  });

  it('names the node for a changed answer, and keeps nothing of the batch', async () => {
    for (const step of ['first', 'second'] as const) {
      const both = await ends();
      const first = await ask(both, 2);
      const firstReply = await answerOf(both.node, first);
      if (step === 'first') {
        const changed = await changedReply(both, firstReply, 2);
        await expect(first.finish(changed)).rejects.toMatchObject({ blame: 'peer', culprits: [NODE] });
      } else {
        const batch = await first.finish(firstReply);
        if (batch === undefined) throw new Error('a batch');
        const second = await both.device.complete(batch);
        const changed = await changedReply(both, await answerOf(both.node, second), 3);
        await expect(second.finish(changed)).rejects.toMatchObject({ blame: 'peer', culprits: [NODE] });
      }
      expect(both.device.available('ecdsa')).toBe(0);
      expect(await presign(both, 1)).toBe(1);
    }
  });

  it('drops an unfinished batch after its time and blames nobody', async () => {
    let time = clock();
    const both = await ends({ clock: () => time });
    const batch = await carry(both.node, await ask(both, 1));
    if (batch === undefined) throw new Error('a batch');
    time = (time + BATCH_DEADLINE_MS) as UnixMs;
    both.node.tick(time);
    expect(await codeOf(carry(both.node, await both.device.complete(batch)))).toBe('intent/commitment-spent');
    expect(both.strikes).toHaveLength(0);
  });

  it('carries two unfinished batches: a third ends the first, so that a broken connection blocks nobody', async () => {
    const both = await ends();
    const [gone, kept, newest] = [
      await carryBatch(both, await ask(both, 1)),
      await carryBatch(both, await ask(both, 1)),
      await carryBatch(both, await ask(both, 1)),
    ];
    expect(await codeOf(carry(both.node, await both.device.complete(gone)))).toBe('intent/commitment-spent');
    expect(await carry(both.node, await both.device.complete(kept))).toBe(1);
    expect(await carry(both.node, await both.device.complete(newest))).toBe(1);
  });

  it('asks the gate first, and gives its place back when the engine does not begin', async () => {
    const begin = (): void => {
      throw new TrefoilError('service/busy', { operation: 'test' });
    };
    const busy = await ends({ gate: { begin } });
    expect(await codeOf(answerOf(busy.node, await ask(busy, 1)))).toBe('service/busy');
    const asked: string[] = [];
    const gate = { begin: () => void asked.push('begin'), end: () => void asked.push('end') };
    const broken = { ...engine, presign: () => failing() } as Engine;
    const both = await signingEnds(engine, wallet, { gate, nodeEngine: broken });
    expect(await codeOf(answerOf(both.node, await ask(both, 1)))).toBe('engine/misuse');
    expect(asked).toEqual(['begin', 'end']);
  });

  it('keeps no more presignatures than a pool holds: the oldest go', async () => {
    const both = await ends({ tasks: [taskOf('ecdsa', 1)] });
    await presign(both, 1);
    const oldest = await both.request([taskOf('ecdsa', 1)]);
    await presign(both, 1);
    for (let made = 1; made < PRESIGNATURES_MAX_COUNT; made += 21) await presign(both, 21);
    expect(await codeOf(answerOf(both.node, oldest))).toBe('intent/commitment-spent');
  }, 60_000);

  it('goes on although what the device spends is mostly meant for another node', async () => {
    const both = await ends();
    const many = Array.from({ length: 32 }, (_, i) => taskOf('ecdsa', i + 1));
    for (let round = 0; round < 4; round += 1) {
      await presign(both, 32);
      // Spent here, and answered by the other node.
      (await both.request(many)).cancel();
    }
    await presign(both, 32);
    const [signature] = await carry(both.node, await both.request(many.slice(0, 1)));
    expect(isSignature(signature, digestOf(1), [0, 0])).toBe(true);
    const oldest = await both.request([taskOf('ed25519', 1)]);
    for (let round = 0; round < 60; round += 1) {
      (await both.request([taskOf('ed25519', 1), taskOf('ed25519', 2)])).cancel();
      await carry(both.node, await both.device.prepare({ presignatures: 0, commitments: { taproot: 0, ed25519: 3 } }));
    }
    (await both.request([taskOf('ed25519', 1)])).cancel();
    expect(await codeOf(answerOf(both.node, oldest))).toBe('intent/commitment-spent');
    // The other suite lost nothing by it.
    expect(await carry(both.node, await both.request([taskOf('ed25519', 1), taskOf('taproot', 2)]))).toHaveLength(2);
  }, 60_000);

  it('never begins a batch of an earlier number again', async () => {
    const both = await ends();
    const call = await ask(both, 1);
    const { presign: step } = fromBinary(SigningRequestSchema, await bodyOf(both, call.envelopes));
    await carry(both.node, call);
    const again = await both.deviceChannel.seal(
      NODE,
      97,
      toBinary(SigningRequestSchema, create(SigningRequestSchema, { ...(step && { presign: step }) })),
    );
    expect(await codeOf(both.node.receive(again))).toBe('session/wrong-round');
  });

  it('holds no presignature after either end was closed', async () => {
    const both = await ends({ tasks: [taskOf('ecdsa', 1)] });
    await presign(both, 2);
    const call = await both.request([taskOf('ecdsa', 1)]);
    both.node.close();
    both.device.close();
    expect(both.device.available('ecdsa')).toBe(0);
    expect(await codeOf(answerOf(both.node, call))).toBe('session/ended');
  });
});

async function carryBatch(both: Ends, call: Awaited<ReturnType<typeof ask>>) {
  const batch = await carry(both.node, call);
  if (batch === undefined) throw new Error('a batch');
  return batch;
}

function failing(): never {
  throw new TrefoilError('engine/misuse', { operation: 'test' });
}

/** What a message of the device says, as its node reads it. */
async function bodyOf(both: Ends, envelopes: readonly Parameters<Ends['nodeChannel']['receive']>[0][]): Promise<Uint8Array> {
  let body = new Uint8Array();
  for (const envelope of envelopes) {
    await both.cheatChannel.receive(envelope, async (opened) => {
      body = opened.body.slice();
      return [];
    });
  }
  return body;
}

/** The node's answer with the last byte of its last engine message changed, sealed and signed by the node itself. */
async function changedReply(both: Ends, reply: readonly Parameters<Ends['deviceChannel']['receive']>[0][], round: number) {
  const bytes: Uint8Array[] = [];
  const { reader, sealer } = { reader: both.deviceTwin, sealer: both.cheatChannel };
  for (const envelope of reply) {
    await reader.receive(envelope, async (opened) => {
      bytes.push(opened.body);
      return [];
    });
  }
  const answer: SigningReply = fromBinary(SigningReplySchema, bytes[0] ?? new Uint8Array());
  const payload = answer.presign?.messages.at(-1)?.payload;
  if (payload === undefined) throw new Error('a message');
  payload[payload.length - 1] = (payload[payload.length - 1] ?? 0) ^ 1;
  return sealer.sealAll(DEVICE, round, toBinary(SigningReplySchema, answer));
}
