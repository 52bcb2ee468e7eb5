/** What every route of the gateway shares: its wallet's room, its body's form, its answers. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { ProblemAnswer } from '#shared/api/gateway-api.ts';
import { parseWalletId } from '#shared/ids.ts';
import type { App } from '../middleware/request-id.ts';
import type { Caller, WalletRoom } from '../wallet-room/wallet-room.ts';

/** The room of the wallet in the path. @throws TrefoilError `input/malformed` */
export function roomOf(context: Context<App>): { room: DurableObjectStub<WalletRoom>; caller: Caller } {
  const walletId = parseWalletId(context.req.param('walletId') ?? '');
  return { room: context.env.WALLET_ROOM.getByName(walletId), caller: { walletId, requestId: context.get('requestId') } };
}

/** A JSON body that must be there. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema) => ({ content: { 'application/json': { schema } }, required: true });

/** A successful answer, and problem details for everything else. */
export const answers = <Status extends number, Schema extends z.ZodType>(status: Status, schema: Schema, description: string) =>
  ({
    [status]: { description, content: { 'application/json': { schema } } },
    default: { description: 'A problem (RFC 9457).', content: { 'application/problem+json': { schema: ProblemAnswer } } },
  }) as { [key in Status]: { description: string; content: { 'application/json': { schema: Schema } } } };
