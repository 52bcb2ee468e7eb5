/** From requests of one account to their signatures: one approval, however many there are. */
import { accountPath } from '#shared/accounts.ts';
import type { IntentRequest } from '#shared/intent/intent.ts';
import type { ChainPlugin } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import type { ApproveStep, Served } from '../api.ts';
import type { SignOptions } from '../ceremonies/signing/signer.ts';

/** The part of the signer that an approval needs. */
export interface ApprovalSigner {
  sign(options: SignOptions): Promise<Served & { signatures: Uint8Array[] }>;
}

/** @returns the signatures of each request, in the order of its tasks */
export async function signRequests(options: {
  plugin: ChainPlugin;
  keys: AccountKeys;
  requests: readonly IntentRequest[];
  signer: ApprovalSigner;
  onStep: (step: ApproveStep) => void;
}): Promise<Served & { signatures: Uint8Array[][] }> {
  const { plugin, keys, requests, signer, onStep } = options;
  onStep('signing');
  const tasks = requests.map(({ unsigned }) =>
    plugin.tasks(unsigned, keys).map((task) => ({ ...task, path: accountPath(task.key, keys.account) })),
  );
  const signed = await signer.sign({ requests, tasks: tasks.flat(), onPreparing: () => onStep('preparing') });
  let next = 0;
  const signatures = tasks.map(({ length }) => {
    next += length;
    return signed.signatures.slice(next - length, next);
  });
  return { signatures, servedBy: signed.servedBy, roundTrips: signed.roundTrips };
}
