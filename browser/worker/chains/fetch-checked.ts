/** One HTTP exchange with a chain's server: in time, of bounded size, never redirected. What comes back is not trusted. */
import type { z } from 'zod';
import { TrefoilError } from '#shared/errors.ts';

/** A person waits for this; servers answer within a second. */
const TIMEOUT_MS = 10_000;
/** History of a busy address: 25 large transactions stay well below. */
const ANSWER_MAX_BYTES = 8 * 1024 * 1024;
/** Reasons are shown to people. */
const REASON_MAX_LENGTH = 200;

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** @throws TrefoilError `chain/unavailable` */
export async function fetchChecked(url: string, operation: string, init: RequestInit = {}): Promise<Answer> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, text: await readBounded(response, operation) };
  } catch (cause) {
    if (cause instanceof TrefoilError) throw cause;
    const late = cause instanceof DOMException && cause.name === 'TimeoutError';
    throw unavailable(operation, late ? `no answer within ${TIMEOUT_MS / 1000} seconds` : 'the server cannot be reached', cause);
  }
}

/** With a reader, because older Safari cannot iterate over a stream. */
async function readBounded(response: Response, operation: string): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    size += part.value.length;
    if (size > ANSWER_MAX_BYTES) {
      void reader?.cancel().catch(() => undefined);
      throw unavailable(operation, 'the answer is too large');
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

/** The text as JSON of the expected shape. @throws TrefoilError `chain/unavailable` */
export function parseAnswer<Schema extends z.ZodType>(text: string, schema: Schema, operation: string): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unavailable(operation, 'the answer is not JSON', cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw unavailable(operation, 'the answer has an unknown shape', parsed.error);
  return parsed.data;
}

export const unavailable = (operation: string, detail: string, cause?: unknown): TrefoilError =>
  new TrefoilError('chain/unavailable', { operation, detail, cause });

/** The network's own words for people: printable and short. */
export const reasonFrom = (text: string): string =>
  text
    .replace(/[^\x21-\x7e]+/g, ' ')
    .trim()
    .slice(0, REASON_MAX_LENGTH) || 'no reason was given';
