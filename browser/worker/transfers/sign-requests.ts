/** From requests of one account to what the chain takes: one approval, however many there are. */
import { accountPath } from '#shared/accounts.ts';
import type { ChainId } from '#shared/ids.ts';
import type { DecodedRequest, Read } from '#shared/ports/chain.ts';
import type { ApproveStep, Served } from '../api.ts';
import type { SignOptions } from '../ceremonies/signing/signer.ts';

/** The part of the signer that an approval needs. */
export interface ApprovalSigner {
  sign(options: SignOptions): Promise<Served & { signatures: Uint8Array[] }>;
}

/** A request and what its signatures made of it. */
export interface SignedRequest<Content, Signed> {
  readonly content: Content;
  readonly signed: Signed;
}

/**
 * @param requests as they were read for the review, all of `account` on `chain`
 * @returns each request with what was made of it, in order
 * @throws TrefoilError whatever the signer throws, `input/malformed` for signatures that do not verify
 */
export async function signRequests<Content extends DecodedRequest, Signed>(options: {
  chain: ChainId;
  account: number;
  requests: readonly Read<Content, Signed>[];
  signer: ApprovalSigner;
  onStep: (step: ApproveStep) => void;
}): Promise<Served & { made: SignedRequest<Content, Signed>[] }> {
  const { chain, account, requests, signer, onStep } = options;
  onStep('signing');
  const tasks = requests.flatMap((request) => request.tasks.map((task) => ({ ...task, path: accountPath(task.key, account) })));
  const approved = requests.map(({ unsigned }) => ({ chain, account, unsigned }));
  const { signatures, servedBy, roundTrips } = await signer.sign({ requests: approved, tasks, onPreparing: () => onStep('preparing') });
  let next = 0;
  const made = requests.map((request) => {
    next += request.tasks.length;
    return { content: request.content, signed: request.assemble(signatures.slice(next - request.tasks.length, next)) };
  });
  return { made, servedBy, roundTrips };
}
