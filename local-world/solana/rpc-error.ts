/** JSON-RPC errors as Solana's validators number them (`rpc-client-api/src/custom_error.rs`). */
import { describeFailure } from './failure.ts';
import type { Simulated } from './ledger.ts';

export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export const invalidParams = (message: string): RpcError => new RpcError(-32602, `Invalid params: ${message}`);
export const methodNotFound = (): RpcError => new RpcError(-32601, 'Method not found');
export const signatureVerificationFailed = (): RpcError => new RpcError(-32003, 'Transaction signature verification failure');

export function preflightFailed({ failure, logs, computeUnits }: Pick<Simulated, 'failure' | 'logs' | 'computeUnits'>): RpcError {
  const message = `Transaction simulation failed: ${describeFailure(failure ?? 'Unknown')}`;
  return new RpcError(-32002, message, {
    accounts: null,
    err: failure,
    innerInstructions: null,
    logs,
    returnData: null,
    unitsConsumed: computeUnits,
  });
}
