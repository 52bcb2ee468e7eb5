/** Why a transaction failed, in the form that Solana's RPC reports: from the Rust text that the virtual machine gives. */

/** `"BlockhashNotFound"` or `{ InstructionError: [0, { Custom: 1 }] }`. */
export type TransactionFailure = string | { readonly [name: string]: unknown };

/** @param debug for example `FailedTransactionMetadata { err: InstructionError(2, Custom(1)), meta: …` */
export function failureFromDebug(debug: string): TransactionFailure {
  const [, error = 'Unknown'] = /err: (.*?), meta: TransactionMetadata/s.exec(debug) ?? [];
  return convert(error.trim());
}

function convert(error: string): TransactionFailure {
  const [, index, inner = ''] = /^InstructionError\((\d+), (.*)\)$/s.exec(error) ?? [];
  if (index !== undefined) return { InstructionError: [Number(index), convert(inner)] };
  const [, tuple, number] = /^(\w+)\((\d+)\)$/.exec(error) ?? [];
  if (tuple !== undefined) return { [tuple]: Number(number) };
  const [, struct, field = '', value] = /^(\w+) \{ (\w+): (\d+) \}$/.exec(error) ?? [];
  if (struct !== undefined) return { [struct]: { [field]: Number(value) } };
  return /^\w+/.exec(error)?.[0] ?? 'Unknown';
}

const SENTENCES: Record<string, string> = {
  AlreadyProcessed: 'This transaction has already been processed',
  BlockhashNotFound: 'Blockhash not found',
  AccountNotFound: 'Attempt to debit an account but found no record of a prior credit.',
  InsufficientFundsForFee: 'Insufficient funds for fee',
  SignatureFailure: 'Transaction did not pass signature verification',
};

/** The sentence that validators answer. */
export function describeFailure(failure: TransactionFailure): string {
  if (typeof failure === 'string') return SENTENCES[failure] ?? failure;
  const instruction = failure['InstructionError'];
  if (Array.isArray(instruction)) {
    const [index, inner] = instruction;
    const custom = typeof inner === 'object' && inner !== null ? inner.Custom : undefined;
    return `Error processing Instruction ${index}: ${custom === undefined ? describeFailure(inner) : `custom program error: 0x${Number(custom).toString(16)}`}`;
  }
  if ('InsufficientFundsForRent' in failure) return 'Transaction results in an account with insufficient funds for rent';
  return JSON.stringify(failure);
}
