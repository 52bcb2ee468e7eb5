/** The local Solana's JSON-RPC 2.0 endpoint, single calls and batches. */
import { z } from 'zod';
import { type HttpServer, json, serveHttp, text } from '../http-server.ts';
import type { Ledger } from './ledger.ts';
import { type Method, solanaMethods } from './methods.ts';
import { methodNotFound, RpcError } from './rpc-error.ts';

const BATCH_MAX_CALLS = 100;

const Call = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string(),
  params: z.array(z.unknown()).optional(),
});

export async function serveSolana(port: number, ledger: Ledger): Promise<HttpServer> {
  const methods = solanaMethods(ledger);
  return serveHttp(port, ({ method, body }) => {
    if (method === 'GET') return text('ok');
    let request: unknown;
    try {
      request = JSON.parse(body);
    } catch {
      return json(failure(null, new RpcError(-32700, 'Parse error')));
    }
    if (!Array.isArray(request)) return json(answer(methods, request));
    if (request.length === 0 || request.length > BATCH_MAX_CALLS) return json(failure(null, new RpcError(-32600, 'Invalid request')));
    return json(request.map((call) => answer(methods, call)));
  });
}

function answer(methods: ReadonlyMap<string, Method>, request: unknown): object {
  const parsed = Call.safeParse(request);
  if (!parsed.success) return failure(null, new RpcError(-32600, 'Invalid request'));
  const { id = null, method, params = [] } = parsed.data;
  try {
    const call = methods.get(method);
    if (call === undefined) throw methodNotFound();
    return { jsonrpc: '2.0', result: call(params), id };
  } catch (thrown) {
    return failure(id, thrown instanceof RpcError ? thrown : new RpcError(-32603, 'Internal error'));
  }
}

const failure = (id: string | number | null, { code, message, data }: RpcError): object => ({
  jsonrpc: '2.0',
  error: { code, message, ...(data === undefined ? {} : { data }) },
  id,
});
