/**
 * For tests of the page: a Worker that does what a script says. With it the page can be looked at in states that a real network
 * shows once in a thousand payments. It has no key and reaches no network.
 */
import { expose } from 'comlink';
import type {
  Account,
  Activity,
  ApproveStep,
  PreparedMessage,
  PreparedTransfer,
  WalletApi,
  WalletView,
  Warning,
} from '#browser/worker/api.ts';
import { keepErrorCodes } from '#browser/worker-link/keep-error-codes.ts';
import { readableText } from '#shared/chains/evm/readable-text.ts';
import { type ErrorCode, TrefoilError } from '#shared/errors.ts';
import type { ChainId, WalletId } from '#shared/ids.ts';
import type { Asset, TransactionStatus, TypedField } from '#shared/ports/chain.ts';

/** Read anew at every call, so that a test can change its mind. */
export interface Script {
  /** More than one to begin with. */
  readonly accounts?: number;
  /** The balances of everything; nothing else is held. */
  readonly balance?: string;
  /** Calls that fail, with the code. */
  readonly failing?: Partial<Record<keyof WalletApi, ErrorCode>>;
  /** What an approval goes through. */
  readonly steps?: readonly ApproveStep[];
  /** The step at which it waits until the script says otherwise. */
  readonly heldAt?: ApproveStep;
  /** The step after which an approval fails. */
  readonly failsAfter?: ApproveStep;
  /** Of each payment, in their order. */
  readonly warnings?: readonly (readonly Warning[])[];
  /** Of each transaction, in their order; confirmed where nothing is said. */
  readonly statuses?: readonly TransactionStatus[];
  /** What typed data reads as. */
  readonly domain?: readonly TypedField[];
  readonly fields?: readonly TypedField[];
}

const [solana, bitcoin, ethereum] = ['solana:localnet', 'bip122:regtest', 'eip155:31337'] as [ChainId, ChainId, ChainId];
const TOKEN = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const HELD: readonly { chain: ChainId; network: string; token: string | undefined; asset: Asset }[] = [
  { chain: solana, network: 'Solana', token: undefined, asset: { symbol: 'SOL', name: 'SOL', decimals: 9 } },
  { chain: bitcoin, network: 'Bitcoin', token: undefined, asset: { symbol: 'BTC', name: 'Bitcoin', decimals: 8 } },
  { chain: ethereum, network: 'Ethereum', token: undefined, asset: { symbol: 'ETH', name: 'Ether', decimals: 18 } },
  { chain: ethereum, network: 'Ethereum', token: TOKEN, asset: { symbol: 'USDX', name: 'Test dollar', decimals: 6 } },
];
const ADDRESSES: Readonly<Record<string, readonly [format: string, address: string][]>> = {
  [solana]: [['', '7YkWm3qVbq2J6wF6bV3t7q4pYy1QqZr4Xo5nQp9dXtAB']],
  [bitcoin]: [
    ['Taproot', 'bcrt1pqz9x8gf2tvdw0s3jn54khce6mua7lwyqpzry9x8gf2tvdw0s3jn54khc'],
    ['SegWit', 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080'],
  ],
  [ethereum]: [['', '0x09D7f74d0C41E726EC95884E0e97Fa6129e3b5E0']],
};

let added = 0;
/** By id, of every review. */
const transfers = new Map<string, PreparedTransfer>();
const messages = new Map<string, PreparedMessage>();

/** The script, unless it says that this call fails. */
async function begin(call: keyof WalletApi): Promise<Script> {
  const script: Script = await (await fetch('/script.json')).json();
  const code = script.failing?.[call];
  if (code !== undefined) throw new TrefoilError(code, { operation: call });
  return script;
}

async function view(): Promise<WalletView> {
  const { accounts = 1 } = await begin('view');
  const accountCount = accounts + added;
  const all = Array.from({ length: accountCount }, (_, account) =>
    HELD.filter(({ chain }) => account === 0 || chain !== solana).map(({ chain, network, token, asset }): Account => {
      const addresses = (ADDRESSES[chain] ?? []).map(([format, address]) => ({ format, address }));
      const [first] = addresses;
      const what = { address: first?.address ?? '', addresses, unavailable: undefined, faucet: true, messages: chain === ethereum };
      return { chain, account, token, network, asset, testnet: true, ...what };
    }),
  );
  const about = { unlockMethod: 'passphrase', nodes: ['Frankfurt', 'Virginia'], idleLockMs: 300_000 } as const;
  return { walletId: '00'.repeat(16) as WalletId, accounts: all.flat(), accountCount, accountsLeft: 3 - accountCount, ...about };
}

async function follow(call: 'approve' | 'approveMessage', onStep: (step: ApproveStep) => void): Promise<number> {
  const { steps = ['signing'], failsAfter } = await begin(call);
  for (const step of steps) {
    onStep(step);
    while ((await begin(call)).heldAt === step) await new Promise((resolve) => setTimeout(resolve, 50));
    if (step === failsAfter) throw new TrefoilError('chain/rejected', { operation: call, detail: 'nonce too low' });
  }
  return steps.includes('preparing') ? 2 : 1;
}

const known = <Kept>(kept: Map<string, Kept>, id: string): Kept => {
  const found = kept.get(id);
  if (found === undefined) throw new TrefoilError('intent/expired', { operation: 'approve' });
  return found;
};

function keepMessage(account: number, content: PreparedMessage['content']): PreparedMessage {
  const message = { id: crypto.randomUUID(), account, content, digest: `0x${'5a'.repeat(32)}` };
  messages.set(message.id, message);
  return message;
}

const from = ADDRESSES[ethereum]?.[0]?.[1] ?? '';
const sent = (amount: bigint): Activity => ({
  ...{ chain: ethereum, id: `0x${'ab'.repeat(32)}`, direction: 'out', amount, token: TOKEN, fee: 21_000_000_000_000n },
  ...{ counterparty: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8', state: 'confirmed', time: 1_790_000_000 },
});

const wallet: WalletApi = {
  status: async () => ({ state: 'open' }),
  create: view,
  stopCreating: () => undefined,
  unlock: view,
  lock: async () => undefined,
  takeOver: async () => undefined,
  touch: () => undefined,
  onClosed: () => undefined,
  view,
  addAccount: async () => {
    await begin('addAccount');
    added += 1;
    return view();
  },
  extendedKeys: async () => {
    await begin('extendedKeys');
    return { ecdsa: `tpub${'E'.repeat(107)}`, taproot: `tpub${'T'.repeat(107)}` };
  },
  balance: async () => BigInt((await begin('balance')).balance ?? '5000000000000000000'),
  activity: async (chain, account) => {
    await begin('activity');
    return { entries: chain === ethereum && account === 0 ? [sent(12_500_000n), sent(1_000_001n)] : [], listed: true };
  },
  chainsOf: async (text) => (/^0x[0-9a-f]{40}$/i.test(text) ? [ethereum] : text.startsWith('bcrt1') ? [bitcoin] : []),
  prepareTransfer: async ({ chain, account, payments }) => {
    const { warnings = [] } = await begin('prepareTransfer');
    const each = payments.map((payment, at) => ({ ...payment, warnings: warnings[at] ?? [] }));
    const counts = { transactions: chain === ethereum ? payments.length : 1, change: 0n, fee: 123_456_789_012_345n };
    const transfer = { id: crypto.randomUUID(), chain, account, payments: each, ...counts, warnings: [] };
    transfers.set(transfer.id, transfer);
    return transfer;
  },
  approve: async (id, onStep) => {
    const { chain, transactions } = known(transfers, id);
    const roundTrips = await follow('approve', onStep);
    const transactionIds = Array.from({ length: transactions }, (_, at) => `0x${`${at}`.repeat(64)}`);
    return { chain, transactionIds, servedBy: 'Frankfurt', roundTrips };
  },
  prepareMessage: async ({ chain, account, text }) => {
    await begin('prepareMessage');
    const bytes = new TextEncoder().encode(text);
    return keepMessage(account, { type: 'message', chain, from, text: readableText(bytes), bytes });
  },
  prepareTypedData: async ({ chain, account }) => {
    const { domain = [], fields = [] } = await begin('prepareTypedData');
    return keepMessage(account, { type: 'typed-data', chain, from, primaryType: 'Mail', domain, fields });
  },
  approveMessage: async (id, onStep) => {
    known(messages, id);
    return { signature: `0x${'c3'.repeat(65)}`, servedBy: 'Frankfurt', roundTrips: await follow('approveMessage', onStep) };
  },
  transactionStatus: async (_, id) =>
    (await begin('transactionStatus')).statuses?.[Number(id[2])] ?? { state: 'confirmed', confirmations: 1 },
  faucet: async () => void (await begin('faucet')),
  setVisible: (visible) => void fetch(`/visible-${visible}.json`),
};

keepErrorCodes();
expose(wallet);
