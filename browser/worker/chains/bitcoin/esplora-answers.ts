/** Shapes of the Esplora HTTP API (https://github.com/Blockstream/esplora/blob/master/API.md): the parts that are read. */
import { z } from 'zod';

const txid = z.string().regex(/^[0-9a-f]{64}$/);
const satoshis = z.number().int().nonnegative();
const index = z.number().int().min(0).max(0xffff_ffff);

export const Status = z.object({
  confirmed: z.boolean(),
  block_height: z.number().int().nonnegative().optional(),
  block_time: z.number().int().nonnegative().optional(),
});

export const Utxos = z.array(z.object({ txid, vout: index, value: satoshis, status: Status })).max(100_000);

const Output = z.object({ scriptpubkey_address: z.string().max(120).optional(), value: satoshis });
export const Transaction = z.object({
  txid,
  vin: z.array(z.object({ txid, vout: index, prevout: Output.nullable().optional() })).max(10_000),
  vout: z.array(Output).max(10_000),
  fee: satoshis,
  status: Status,
});
export type Transaction = z.infer<typeof Transaction>;
export const Transactions = z.array(Transaction).max(200);

export const Outspend = z.object({ spent: z.boolean(), txid: txid.optional(), status: Status.optional() });
/** Confirmation target in blocks to satoshis per virtual byte. */
export const FeeEstimates = z.record(z.string().regex(/^[0-9]+$/), z.number().nonnegative());
export const Height = z.number().int().nonnegative();
