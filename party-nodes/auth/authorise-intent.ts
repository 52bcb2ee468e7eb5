/**
 * A node's own judgement of a signing request, before any secret is touched: the wallet's device identity approved these
 * exact bytes, they are for this wallet and fresh, and the digests come from the whole transaction as this node reads it.
 */

import { chainPlugin } from '../../shared/chains/registry.ts';
import { TrefoilError } from '../../shared/errors.ts';
import { type ChainId, DEVICE, type UnixMs } from '../../shared/ids.ts';
import { intentHash, readIntent, requireAuthorisation } from '../../shared/intent/intent.ts';
import type { PublicKeys } from '../../shared/ports/engine.ts';
import type { SignRequest } from '../../shared/proto/gen/trefoil/v1/intent_pb.js';
import type { AuthorisedIntent } from '../../shared/session/frost-responder.ts';
import type { IntentStore } from '../storage/intent-store.ts';
import type { CommittedWallet } from '../storage/share-store.ts';

/** @throws TrefoilError `intent/*`, `chain/unknown`, `channel/wrong-wallet`, `input/*` */
export async function authoriseIntent(
  request: SignRequest,
  context: { wallet: CommittedWallet; keys: PublicKeys; chains: ReadonlySet<ChainId>; intents: IntentStore; now: () => UnixMs },
): Promise<AuthorisedIntent> {
  const { wallet, keys } = context;
  await requireAuthorisation(request.intent, request.authorisation, wallet.roster.get(DEVICE) ?? new Uint8Array());
  const intent = readIntent(request.intent, { walletId: wallet.walletId, now: context.now() });
  if (!context.chains.has(intent.chain))
    throw new TrefoilError('chain/unknown', { operation: 'authoriseIntent', detail: 'this node does not serve it' });
  const plugin = chainPlugin(intent.chain);
  plugin.decode(intent.transaction, keys);
  return {
    suite: plugin.keyKind,
    digests: plugin.digests(intent.transaction, keys),
    accept: async () =>
      context.intents.accept({
        intentId: intent.intentId,
        walletId: wallet.walletId,
        hash: intentHash(request.intent),
        now: context.now(),
      }),
  };
}
