/** What a relay that was taken over does with what it carries. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Envelope, EnvelopeHeaderSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { type ExchangeRequest, ExchangeRequestSchema } from '#shared/proto/gen/trefoil/v1/node_pb.js';
import type { Answer, Call, Meddle } from './relay.ts';

const text = new TextDecoder();
const bytes = new TextEncoder();
export const jsonOf = <T>({ body }: { body: Uint8Array }): T => JSON.parse(text.decode(body)) as T;
export const withJson = <T extends Call | Answer>(of: T, value: unknown): T => ({ ...of, body: bytes.encode(JSON.stringify(value)) });

/** Takes over the gateway's envelopes to one node. */
export const onExchange =
  (how: (request: ExchangeRequest) => Promise<ExchangeRequest> | ExchangeRequest): Meddle =>
  async (call, forward) => {
    if (!call.path.endsWith('/Exchange')) return forward(call);
    const request = await how(fromBinary(ExchangeRequestSchema, call.body));
    return forward({ ...call, body: toBinary(ExchangeRequestSchema, request) });
  };
export const headerOf = (envelope: Envelope) => fromBinary(EnvelopeHeaderSchema, envelope.header);
