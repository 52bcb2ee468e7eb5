/**
 * One error type for browser, edge and nodes. Messages carry no user data and no secret: only `detail`, written by us, and
 * sizes, names of fields and party numbers in it.
 */
import { CATALOGUE, type ErrorCode } from './error-catalogue/catalogue.ts';
import { type Blame, type CatalogueEntry, parseBlame } from './error-catalogue/catalogue-entry.ts';

export { CATALOGUE, type ErrorCode } from './error-catalogue/catalogue.ts';
export { type Blame, parseBlame } from './error-catalogue/catalogue-entry.ts';

/** What a {@link TrefoilError} takes besides its code. */
interface ErrorContext {
  /** The function or route that failed, in the words of the code. */
  readonly operation: string;
  /** Our own words about this case: limits, field names, party numbers. Never user data, never a secret. */
  readonly detail?: string | undefined;
  /** Parties that provably broke the protocol, or did not answer. */
  readonly culprits?: readonly number[] | undefined;
  /** Protocol round in which it was seen, from 1. */
  readonly round?: number | undefined;
  /** Overrides the catalogue where one code can have two causes. */
  readonly blame?: Blame | undefined;
  readonly cause?: unknown;
}

/** The wire form: RFC 9457 members plus ours. It is also what crosses a Worker border. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly blame: Blame;
  readonly retryable: boolean;
  readonly fix: string;
  readonly operation: string;
  readonly detail?: string | undefined;
  readonly culprits?: readonly number[] | undefined;
  readonly round?: number | undefined;
  /** The request id, where a gateway answered. */
  readonly instance?: string | undefined;
}

/** Any failure that Trefoil reports. */
export class TrefoilError extends Error {
  override readonly name = 'TrefoilError';
  readonly code: ErrorCode;
  readonly blame: Blame;
  readonly retryable: boolean;
  readonly operation: string;
  readonly fix: string;
  readonly detail: string | undefined;
  readonly culprits: readonly number[];
  readonly round: number | undefined;

  constructor(code: ErrorCode, context: ErrorContext) {
    const known = CATALOGUE[code];
    super(context.detail === undefined ? known.title : `${known.title} (${context.detail})`, { cause: context.cause });
    this.code = code;
    this.blame = context.blame ?? known.blame;
    this.retryable = known.retryable;
    this.operation = context.operation;
    this.fix = known.fix;
    this.detail = context.detail;
    this.culprits = context.culprits ?? [];
    this.round = context.round;
  }

  /** HTTP status for this error at the edge. */
  get status(): CatalogueEntry['status'] {
    return CATALOGUE[this.code].status;
  }

  /** RFC 9457 problem details. */
  toProblem(instance?: string): Problem {
    return {
      type: `urn:trefoil:problem:${this.code}`,
      title: CATALOGUE[this.code].title,
      status: this.status,
      code: this.code,
      blame: this.blame,
      retryable: this.retryable,
      fix: this.fix,
      operation: this.operation,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...(this.culprits.length === 0 ? {} : { culprits: this.culprits }),
      ...(this.round === undefined ? {} : { round: this.round }),
      ...(instance === undefined ? {} : { instance }),
    };
  }

  /** The error again from its wire form; an unknown code or shape becomes `service/bug`. */
  static fromProblem(value: unknown, operation: string): TrefoilError {
    const problem = (typeof value === 'object' && value !== null ? value : {}) as Partial<Problem>;
    if (typeof problem.code !== 'string' || !Object.hasOwn(CATALOGUE, problem.code)) {
      return new TrefoilError('service/bug', { operation, detail: 'the answer is not a problem that this version knows' });
    }
    return new TrefoilError(problem.code, {
      operation: typeof problem.operation === 'string' ? problem.operation : operation,
      detail: typeof problem.detail === 'string' ? problem.detail : undefined,
      culprits: Array.isArray(problem.culprits) ? problem.culprits.filter((id) => typeof id === 'number') : undefined,
      round: typeof problem.round === 'number' ? problem.round : undefined,
      blame: parseBlame(problem.blame),
    });
  }

  /** Anything thrown, as a TrefoilError: what is not ours becomes `service/bug` and keeps its cause out of the message. */
  static from(thrown: unknown, operation: string): TrefoilError {
    return thrown instanceof TrefoilError ? thrown : new TrefoilError('service/bug', { operation, cause: thrown });
  }
}
