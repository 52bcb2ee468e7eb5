/** A node signs what the wallet's device approved, as this node reads it, once; and nothing else. */
import { create, fromBinary, toBinary, toJsonString } from '@bufbuild/protobuf';
import { base58 } from '@scure/base';
import {
  type Address,
  appendTransactionMessageInstructions,
  type Blockhash,
  compileTransaction,
  createTransactionMessage,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
} from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64 } from '#shared/api/base64.ts';
import { transferInstruction } from '#shared/chains/solana/instructions.ts';
import { walletAddress } from '#shared/chains/solana/wallet-address.ts';
import { idBytes, randomWalletId } from '#shared/ids.ts';
import { CLOCK_SKEW_MS, INTENT_MAX_LIFETIME_MS, TRANSACTION_MAX_BYTES } from '#shared/limits.ts';
import { EnvelopeSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { type Intent, IntentSchema, RequestSchema } from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import { createTestWallet, type TestWallet } from '../support/device.ts';
import { type Edge, joinEdge } from '../support/edge.ts';
import { type Intents, intentsOf, random } from '../support/intents.ts';
import { type OpenPool, openPool, refusalOf } from '../support/node-client.ts';
import { newIdentity } from '../support/parties.ts';
import type { TestNode } from '../support/party-nodes.ts';

let edge: Edge;
let wallet: TestWallet;
let intents: Intents;
beforeAll(async () => {
  edge = await joinEdge();
  wallet = await createTestWallet(edge.release);
  intents = intentsOf(wallet);
});
afterAll(() => edge?.close());

const COUNTS = { taproot: 4, ed25519: 120 };

const toText = (value: unknown): string =>
  Array.isArray(value) ? value.map((request) => toJsonString(RequestSchema, request)).join() : String(value);

async function onEachNode(test: (node: TestNode, pool: OpenPool) => Promise<void>): Promise<void> {
  for (const node of edge.nodes) await test(node, await openPool(node, wallet, COUNTS));
}

describe('a node', () => {
  it('signs what was approved, and any changed byte of it is refused', async () => {
    await onEachNode(async (_node, pool) => {
      const intent = intents.intentOf();
      const approval = await intents.approve(intent);
      let refused = 0;
      const step = Math.ceil(intent.length / 100);
      for (let i = 0; i < intent.length; i += step) {
        const changed = intent.slice();
        changed[i] = (changed[i] ?? 0) ^ 1;
        const digests = [new Uint8Array([1])];
        const call = await intents.sealed(pool, changed, approval, digests);
        expect(`byte ${i}: ${(await refusalOf(pool.carry(call))).code}`).toBe(`byte ${i}: intent/not-authorised`);
        call.cancel();
        refused += 1;
      }
      expect(refused).toBe(Math.ceil(intent.length / step));
      expect(await intents.verdict(pool, intent, approval)).toBe('signed');
    });
  });

  it('refuses every field of an approved intent put in place of another', async () => {
    const other: Record<string, Partial<Intent>> = {
      version: { version: 2 },
      wallet_id: { walletId: idBytes(randomWalletId()) },
      intent_id: { intentId: random(16) },
      expires_at_ms: { expiresAtMs: BigInt(Date.now() + 90_000) },
      requests: intents.requestsOf({ unsigned: intents.transaction(2_000_000n) }),
    };
    const inside: Record<string, Parameters<Intents['requestsOf']>[0]> = {
      chain: { chain: 'solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1' },
      account: { account: 1 },
      unsigned: { unsigned: intents.transaction(3_000_000n) },
    };
    expect(Object.keys(inside).sort()).toEqual(RequestSchema.fields.map(({ name }) => name).sort());
    expect(Object.keys(other).sort()).toEqual(IntentSchema.fields.map(({ name }) => name).sort());
    await onEachNode(async (_node, pool) => {
      const shown = fromBinary(IntentSchema, intents.intentOf());
      const approval = await intents.approve(toBinary(IntentSchema, shown));
      const unsigned = shown.requests[0]?.unsigned ?? new Uint8Array();
      const parts = Object.entries(inside).map(([name, change]): [string, Partial<Intent>] => [
        `request ${name}`,
        intents.requestsOf({ unsigned, ...change }),
      ]);
      const more: [string, Partial<Intent>] = ['a request more', { requests: [...shown.requests, ...shown.requests] }];
      for (const [field, change] of [...Object.entries(other), ...parts, more]) {
        const changed = toBinary(IntentSchema, create(IntentSchema, { ...shown, ...change }));
        expect(`${field}: ${await intents.verdict(pool, changed, approval)}`).toBe(`${field}: intent/not-authorised`);
      }
    });
  });

  it('refuses an approved intent whose fields it does not accept', async () => {
    const now = Date.now();
    const lies: [Partial<Intent>, string][] = [
      [{ version: 2 }, 'input/unsupported-version'],
      [{ walletId: idBytes(randomWalletId()) }, 'channel/wrong-wallet'],
      [{ walletId: random(15) }, 'input/malformed'],
      [{ intentId: random(15) }, 'input/malformed'],
      [{ expiresAtMs: BigInt(now - 1) }, 'intent/expired'],
      [{ expiresAtMs: 0n }, 'intent/expired'],
      [{ expiresAtMs: BigInt(now + INTENT_MAX_LIFETIME_MS + CLOCK_SKEW_MS + 30_000) }, 'intent/expiry-too-far'],
      [{ expiresAtMs: 2n ** 64n - 1n }, 'intent/expiry-too-far'],
      [intents.requestsOf({ chain: 'eip155:5' }), 'chain/unknown'],
      // A chain of Trefoil that this node was not configured for.
      [intents.requestsOf({ chain: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp' }), 'chain/unknown'],
      [intents.requestsOf({ account: 1 }), 'chain/no-account'],
      [intents.requestsOf({ account: 100 }), 'input/malformed'],
      [{ requests: [] }, 'input/malformed'],
      [intents.requestsOf({ unsigned: random(200) }), 'intent/unsupported'],
      [intents.requestsOf({ unsigned: new Uint8Array() }), 'intent/unsupported'],
      [intents.requestsOf({ unsigned: new Uint8Array(TRANSACTION_MAX_BYTES + 4096) }), 'input/too-large'],
    ];
    await onEachNode(async (_node, pool) => {
      for (const [lie, code] of lies) {
        const intent = intents.intentOf(lie);
        const call = await intents.sealed(pool, intent, await intents.approve(intent), [new Uint8Array([1])]);
        const what = Object.entries(lie).map(([name, value]) => `${name} ${toText(value).slice(0, 60)}`);
        expect(`${what}: ${(await refusalOf(pool.carry(call))).code}`).toBe(`${what}: ${code}`);
        call.cancel();
      }
      const last = intents.intentOf();
      expect(await intents.verdict(pool, last, await intents.approve(last))).toBe('signed');
    });
  });

  it('refuses an approval that is missing, empty, of another device or for another intent', async () => {
    await onEachNode(async (_node, pool) => {
      const intent = intents.intentOf();
      for (const approval of [
        new Uint8Array(),
        new Uint8Array(64),
        await intents.approve(intent, await newIdentity()),
        await intents.approve(intents.intentOf()),
      ]) {
        expect(await intents.verdict(pool, intent, approval)).toBe('intent/not-authorised');
      }
      const body = (authorisation: object | undefined): Uint8Array =>
        intents.requestBody({
          intent,
          uses: [{ material: { case: 'slot', value: 5 }, message: random(8) }],
          ...(authorisation && { authorisation }),
        });
      const rounds = [100, 101];
      for (const [i, authorisation] of [undefined, {}].entries()) {
        const envelope = await pool.second(rounds[i] ?? 0, body(authorisation));
        expect((await refusalOf(pool.ask(envelope))).code).toBe('intent/not-authorised');
      }
      expect(await intents.verdict(pool, intent, await intents.approve(intent))).toBe('signed');
    });
  });

  it('signs as many digests as the transaction has, and no more', async () => {
    await onEachNode(async (_node, pool) => {
      const intent = intents.intentOf();
      const twice = await intents.sealed(pool, intent, await intents.approve(intent), [
        intents.transactionOf(intent),
        intents.transactionOf(intent),
      ]);
      expect((await refusalOf(pool.carry(twice))).code).toBe('intent/not-authorised');
      // The refusal spent nothing of the approval.
      expect(await intents.verdict(pool, intent, await intents.approve(intent))).toBe('signed');
    });
  });

  it('computes the digest itself: a share for another message does not come out', async () => {
    await onEachNode(async (_node, pool) => {
      const intent = intents.intentOf();
      const stolen = intents.transaction(9_000_000n);
      const call = await intents.sealed(pool, intent, await intents.approve(intent), [stolen]);
      await expect(pool.carry(call)).rejects.toMatchObject({ code: 'engine/bad-share' });
    });
  });

  it('reads the whole transaction: an instruction more, another program or another payer is refused', async () => {
    const me = walletAddress(wallet.account);
    const stranger = base58.encode(random(32)) as Address;
    const message = (payer: Address, instructions: ReturnType<typeof transferInstruction>[]): Uint8Array =>
      new Uint8Array(
        compileTransaction(
          pipe(
            createTransactionMessage({ version: 0 }),
            (empty) => setTransactionMessageFeePayer(payer, empty),
            (paid) =>
              setTransactionMessageLifetimeUsingBlockhash(
                { blockhash: base58.encode(random(32)) as Blockhash, lastValidBlockHeight: 1n },
                paid,
              ),
            (living) => appendTransactionMessageInstructions(instructions, living),
          ),
        ).messageBytes,
      );
    const transfer = transferInstruction(me, stranger, 5n);
    const memo = { programAddress: 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr' as Address, accounts: [], data: new Uint8Array([65]) };
    // System program's Assign: gives the wallet's account away.
    const assign = { ...transfer, data: new Uint8Array([1, 0, 0, 0, ...random(32)]) };
    const good = message(me, [transfer]);
    const evil: [string, Uint8Array][] = [
      ['a memo more', message(me, [transfer, memo])],
      ['the account given away', message(me, [transfer, assign])],
      ['another payer', message(stranger, [transferInstruction(stranger, me, 5n)])],
      ['a second signer', message(me, [transfer, transferInstruction(stranger, me, 5n)])],
      ['a byte more', new Uint8Array([...good, 0])],
      ['nothing transferred', message(me, [])],
    ];
    await onEachNode(async (_node, pool) => {
      for (const [what, unsigned] of evil) {
        const intent = intents.intentOf(intents.requestsOf({ unsigned }));
        expect(`${what}: ${await intents.verdict(pool, intent, await intents.approve(intent))}`).toBe(`${what}: intent/unsupported`);
      }
      const intent = intents.intentOf(intents.requestsOf({ unsigned: good }));
      expect(await intents.verdict(pool, intent, await intents.approve(intent))).toBe('signed');
    });
  });

  it('accepts an intent once: in this session, in another, after a restart; the other node once more', async () => {
    const intent = intents.intentOf();
    const approval = await intents.approve(intent);
    for (const node of edge.nodes) {
      const pool = await openPool(node, wallet, COUNTS);
      expect(await intents.verdict(pool, intent, approval)).toBe('signed');
      expect(await intents.verdict(pool, intent, approval)).toBe('intent/repeated');
      expect(await intents.verdict(await openPool(node, wallet, COUNTS), intent, approval)).toBe('intent/repeated');
      await node.kill();
      await node.start();
      expect(await intents.verdict(await openPool(node, wallet, COUNTS), intent, approval)).toBe('intent/repeated');
      // The same id in another transaction is the same approval used twice.
      const { intentId } = fromBinary(IntentSchema, intent);
      const again = intents.intentOf({ intentId });
      expect(await intents.verdict(await openPool(node, wallet, COUNTS), again, await intents.approve(again))).toBe('intent/repeated');
    }
  });

  it('has the last word: after its refusal the gateway asks no other node', async () => {
    const pools = [await openPool(edge.nodes[0], wallet, COUNTS), await openPool(edge.nodes[1], wallet, COUNTS)];
    const expired = intents.intentOf({ expiresAtMs: BigInt(Date.now() - 1) });
    const asked: number[] = [];
    edge.links.forEach((link, i) => {
      link.meddle((call, forward) => {
        asked.push(i);
        return forward(call);
      });
    });
    const approval = await intents.approve(expired);
    const calls = await Promise.all(pools.map((pool) => intents.sealed(pool, expired, approval)));
    const body = JSON.stringify({
      envelopes: calls.flatMap(({ envelopes }) => envelopes.map((envelope) => toBase64(toBinary(EnvelopeSchema, envelope)))),
    });
    const url = `${edge.gateway.url}/v1/wallets/${wallet.walletId}/signatures`;
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    edge.honest();
    expect(await answer.json()).toMatchObject({ code: 'intent/expired', blame: 'caller' });
    expect(asked).toEqual([0]);
  });

  it('accepts an intent once also when two requests race', async () => {
    const [node] = edge.nodes;
    const pools = await Promise.all([openPool(node, wallet, COUNTS), openPool(node, wallet, COUNTS)]);
    const intent = intents.intentOf();
    const approval = await intents.approve(intent);
    const verdicts = await Promise.all(pools.map((pool) => intents.verdict(pool, intent, approval)));
    expect(verdicts.sort()).toEqual(['intent/repeated', 'signed']);
  });

  it('uses a commitment once, whatever the request that named it came to', async () => {
    const [node] = edge.nodes;
    const pool = await openPool(node, wallet, COUNTS);
    const slot = COUNTS.taproot + 1;
    const ask = async (round: number): Promise<string> => {
      const intent = intents.intentOf();
      const body = intents.requestBody({
        intent,
        authorisation: { by: { case: 'deviceSignature', value: await intents.approve(intent) } },
        uses: [{ material: { case: 'slot', value: slot }, message: random(8) }],
      });
      return (await refusalOf(pool.ask(await pool.second(round, body)))).code;
    };
    // A commitment message that means nothing: the node took its nonce, and the nonce is gone.
    expect(await ask(50)).toMatch(/^engine\//);
    expect(await ask(51)).toBe('intent/commitment-spent');
  });
});
