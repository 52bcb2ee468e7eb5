/**
 * A node's own judgement of a signing request, before any secret is touched: the wallet's device identity approved these
 * exact bytes, they are for this wallet and fresh, and the digests come from the whole transactions as this node reads them.
 */

import { accountKeys, accountPath } from '#shared/accounts.ts';
import { chainPlugin } from '#shared/chains/registry.ts';
import { TrefoilError } from '#shared/errors.ts';
import { type ChainId, DEVICE } from '#shared/ids.ts';
import { type IntentRequest, intentHash, readIntent, requireAuthorisation } from '#shared/intent/intent.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { AccountKeys, Engine } from '#shared/ports/engine.ts';
import type { SignRequest } from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import type { AuthorisedIntent } from '#shared/session/signing/node/node-session.ts';
import type { PathTask } from '#shared/session/signing/rounds.ts';
import type { CommittedWallet, NodeStorage } from '../storage/ports.ts';

/** What a judgement needs of the node. */
export interface JudgeContext {
  readonly wallet: CommittedWallet;
  readonly engine: Pick<Engine, 'derive' | 'publicKeys'>;
  readonly chains: ReadonlySet<ChainId>;
  readonly storage: Pick<NodeStorage, 'unit'>;
  /** Keys of accounts that were derived before: deriving is most of the work here. */
  readonly accounts: Map<number, AccountKeys>;
  readonly clock: Clock;
}

/** @throws TrefoilError `intent/*`, `chain/unknown`, `channel/wrong-wallet`, `input/*` */
export async function authoriseIntent(request: SignRequest, context: JudgeContext): Promise<AuthorisedIntent> {
  const { wallet, storage, clock } = context;
  const device = wallet.roster.get(DEVICE);
  if (device === undefined) throw new TrefoilError('service/bug', { operation: 'authoriseIntent', detail: 'a wallet has no device' });
  await requireAuthorisation(request.intent, request.authorisation, device);
  const keysOf = (account: number): AccountKeys => {
    const keys = context.accounts.get(account) ?? accountKeys(context.engine, wallet.publicPackage, account);
    context.accounts.set(account, keys);
    return keys;
  };
  const { intentId, requests } = readIntent(request.intent, { walletId: wallet.walletId, now: clock() });
  return {
    tasks: requests.flatMap((each) => tasksOf(each, keysOf(each.account), context)),
    accept: () =>
      storage.unit(async ({ shares, intents }) => {
        const { epoch } = await shares.committed(wallet.walletId);
        if (epoch !== wallet.epoch) throw new TrefoilError('channel/wrong-epoch', { operation: 'accept' });
        await intents.accept({ intentId, walletId: wallet.walletId, hash: intentHash(request.intent), acceptedAt: clock() });
      }),
  };
}

/** Everything that has to be signed for a request, out of its own bytes. */
function tasksOf({ chain, account, unsigned }: IntentRequest, keys: AccountKeys, { chains }: JudgeContext): PathTask[] {
  if (!chains.has(chain)) throw new TrefoilError('chain/unknown', { operation: 'authoriseIntent', detail: 'this node does not serve it' });
  const { tasks } = chainPlugin(chain).read(unsigned, keys);
  return tasks.map((task) => ({ ...task, path: accountPath(task.key, account) }));
}
