/** JSON-RPC 2.0 over HTTP, as Solana nodes speak it. */
import { z } from 'zod';
import { fetchChecked, parseAnswer, unavailable } from './fetch-checked.ts';

/** An error that the node answered, as opposed to no answer. */
export class RpcRefusal extends Error {
  override readonly name = 'RpcRefusal';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export type Rpc = <Schema extends z.ZodType>(method: string, params: readonly unknown[], result: Schema) => Promise<z.infer<Schema>>;

const Refused = z.object({ error: z.object({ code: z.number(), message: z.string() }) });
const Answered = z.object({ result: z.unknown() });

/**
 * Calls throw {@link RpcRefusal} when the node refuses, and TrefoilError `chain/unavailable` when it does not answer or
 * answers something else.
 */
export function jsonRpc(url: string): Rpc {
  let lastId = 0;
  return async (method, params, result) => {
    lastId += 1;
    const body = JSON.stringify({ jsonrpc: '2.0', id: lastId, method, params });
    const { status, text } = await fetchChecked(url, method, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    if (status === 429) throw unavailable(method, 'the server asks to slow down');
    const answer = parseAnswer(text, z.union([Refused, Answered]), method);
    if ('error' in answer) throw new RpcRefusal(answer.error.code, answer.error.message);
    return parseAnswer(JSON.stringify(answer.result ?? null), result, method);
  };
}
