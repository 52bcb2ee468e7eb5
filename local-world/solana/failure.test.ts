import { expect, it } from 'vitest';
import { describeFailure, failureFromDebug } from './failure.ts';

const debug = (error: string): string =>
  `FailedTransactionMetadata(FailedTransactionMetadata { err: ${error}, meta: TransactionMetadata { signature: x } })`;

it.each([
  ['SignatureFailure', 'SignatureFailure', 'Transaction did not pass signature verification'],
  ['InstructionError(2, Custom(1))', { InstructionError: [2, { Custom: 1 }] }, 'Error processing Instruction 2: custom program error: 0x1'],
  [
    'InstructionError(0, InvalidAccountData)',
    { InstructionError: [0, 'InvalidAccountData'] },
    'Error processing Instruction 0: InvalidAccountData',
  ],
  [
    'InsufficientFundsForRent { account_index: 1 }',
    { InsufficientFundsForRent: { account_index: 1 } },
    'Transaction results in an account with insufficient funds for rent',
  ],
  ['DuplicateInstruction(3)', { DuplicateInstruction: 3 }, '{"DuplicateInstruction":3}'],
])('reads %s', (error, failure, sentence) => {
  expect(failureFromDebug(debug(error))).toEqual(failure);
  expect(describeFailure(failureFromDebug(debug(error)))).toBe(sentence);
});
