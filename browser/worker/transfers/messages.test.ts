import { beforeEach, describe, expect, it } from 'vitest';
import { ethereumLocal as evm } from '#shared/chains/evm/plugin.ts';
import { solanaLocalnet as solana } from '#shared/chains/solana/plugin.ts';
import type { UnixMs } from '#shared/ids.ts';
import { INTENT_MAX_LIFETIME_MS } from '#shared/limits.ts';
import { codeOf } from '#test/support/code-of.ts';
import { plainWallet } from '#test/support/plain-wallet.ts';
import type { SignOptions } from '../ceremonies/signing/signer.ts';
import type { Network } from '../network.ts';
import { Messages } from './messages.ts';

const wallet = (account: number) => plainWallet('mine', account);
const request = { chain: evm.id, account: 3 };

let now: number;
/** What the signer was given. */
let signed: SignOptions[];
let messages: Messages;
beforeEach(() => {
  [now, signed] = [1_000_000, []];
  const client = undefined as never;
  const network: Network = {
    chains: [evm, solana].map((plugin) => ({ plugin, client, tokens: [], unavailable: undefined })),
    nodes: [],
    requestTestMoney: undefined,
  };
  messages = new Messages({
    network,
    keysOf: (account) => wallet(account).keys,
    signer: {
      sign: async (options) => {
        signed.push(options);
        return { signatures: options.tasks.map(wallet(request.account).sign), servedBy: 'Frankfurt', roundTrips: 1 };
      },
    },
    clock: () => now as UnixMs,
  });
});

const approve = (id: string) => messages.approve(id, () => undefined);
const prepare = (text: string) => messages.prepareText({ ...request, text });

describe('a message', () => {
  it('is signed as it was reviewed, with the key of its account', async () => {
    const { id, digest } = prepare('hello');
    const { signature } = await approve(id);
    expect(signature).toMatch(/^0x[0-9a-f]{130}$/);
    const [options] = signed;
    expect(options?.requests).toEqual([{ ...request, unsigned: evm.messages?.text('hello') }]);
    expect(options?.tasks).toMatchObject([{ key: 'ecdsa', path: [0, 3] }]);
    expect(`0x${Buffer.from(options?.tasks[0]?.digest ?? []).toString('hex')}`).toBe(digest);
  });

  it('is approved once', async () => {
    const { id } = prepare('hello');
    expect(await Promise.all([codeOf(approve(id)), codeOf(approve(id))])).toEqual(['no error', 'intent/expired']);
    expect(signed.length).toBe(1);
  });

  it('is not approved by the review of another, an old one or none', async () => {
    const [older, newer] = [prepare('older'), prepare('newer')];
    expect(await codeOf(approve(older.id))).toBe('intent/expired');
    now += INTENT_MAX_LIFETIME_MS;
    expect(await codeOf(approve(newer.id))).toBe('intent/expired');
    expect(await codeOf(approve('nothing'))).toBe('intent/expired');
    expect(signed).toEqual([]);
  });

  it('has no place on a chain without messages', async () => {
    expect(await codeOf(() => messages.prepareText({ chain: solana.id, account: 0, text: 'hello' }))).toBe('intent/unsupported');
  });
});
