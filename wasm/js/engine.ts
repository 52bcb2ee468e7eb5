/**
 * The engine of `shared/ports/engine.ts` over the WASM module. It converts, and it keeps track of handles: a handle that
 * was consumed or freed is refused here with a typed error, before the module sees it.
 *
 * Must never: keep a copy of a secret, or offer one to be kept. Nonces have no bytes on this side at all.
 */
import { type Blame, CATALOGUE, type ErrorCode, TrefoilError } from '../../shared/errors.ts';
import type { PartyId } from '../../shared/ids.ts';
import type { Engine, FrostSuite, KeyShare, Machine, Nonces, Outcome, Outgoing, PublicKeys } from '../../shared/ports/engine.ts';
import * as wasm from '../pkg/trefoil.js';

const SUITES: Readonly<Record<FrostSuite, wasm.FrostSuite>> = {
  taproot: wasm.FrostSuite.Taproot,
  ed25519: wasm.FrostSuite.Ed25519,
};

/** The module throws its own error type; anything else that comes out of it is a bug of ours. */
function typed(thrown: unknown, operation: string): TrefoilError {
  if (!(thrown instanceof wasm.EngineError)) return TrefoilError.from(thrown, operation);
  const { code, blame, culprits, round, detail } = thrown;
  thrown.free();
  if (!Object.hasOwn(CATALOGUE, code)) return new TrefoilError('service/bug', { operation, detail: `unknown code ${code}` });
  return new TrefoilError(code as ErrorCode, { operation, blame: blame as Blame, culprits: [...culprits], round, detail });
}

function guarded<T>(operation: string, call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw typed(thrown, operation);
  }
}

function misuse(operation: string, detail: string): TrefoilError {
  return new TrefoilError('engine/misuse', { operation, detail });
}

/** A party id that the module can take: its border truncates what is not a 16-bit number. */
function sixteenBits(value: number, operation: string): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) {
    throw misuse(operation, 'a party, threshold or round is from 0 to 65535');
  }
  return value;
}

/** Bytes that the module can take: its border would read anything else as zeros. */
function bytes(value: Uint8Array, operation: string): Uint8Array {
  if (Object.prototype.toString.call(value) !== '[object Uint8Array]') throw misuse(operation, 'bytes are a Uint8Array');
  return value;
}

/** The module's number of a suite: its border would read an unknown one as the first. */
function suiteNumber(suite: FrostSuite, operation: string): wasm.FrostSuite {
  if (!Object.hasOwn(SUITES, suite)) throw misuse(operation, 'the suite is taproot or ed25519');
  return SUITES[suite];
}

function outgoing(messages: wasm.Outgoing[]): Outgoing[] {
  return messages.map((message) => {
    const { to, round } = message;
    return { to: to as PartyId | 0, round, payload: message.intoPayload() };
  });
}

class ShareHandle implements KeyShare {
  readonly party: PartyId;
  readonly publicPackage: Uint8Array;
  #handle: wasm.KeyShare | null;

  constructor(handle: wasm.KeyShare) {
    this.#handle = handle;
    this.party = handle.party as PartyId;
    this.publicPackage = handle.publicPackage();
  }

  encode(): Uint8Array {
    return guarded('encodeShare', () => this.use('encodeShare').encode());
  }

  /** The live handle. @throws TrefoilError `engine/misuse` after {@link free} */
  use(operation: string): wasm.KeyShare {
    if (this.#handle === null) throw misuse(operation, 'the share was freed');
    return this.#handle;
  }

  free(): void {
    this.#handle?.free();
    this.#handle = null;
  }
}

class NoncesHandle implements Nonces {
  readonly suite: FrostSuite;
  readonly commitments: Uint8Array;
  #handle: wasm.Nonces | null;

  constructor(handle: wasm.Nonces, suite: FrostSuite) {
    this.#handle = handle;
    this.suite = suite;
    this.commitments = handle.commitments();
  }

  /** Hands the nonces over, once. @throws TrefoilError `engine/nonce-spent` */
  consume(operation: string): wasm.Nonces {
    const handle = this.#handle;
    if (handle === null) throw new TrefoilError('engine/nonce-spent', { operation });
    this.#handle = null;
    return handle;
  }

  free(): void {
    this.#handle?.free();
    this.#handle = null;
  }
}

/** What the three runs of the module have in common. */
interface Run {
  start(): wasm.Outgoing[];
  receive(from: number, round: number, payload: Uint8Array): wasm.Outgoing[];
  free(): void;
}

class MachineHandle<R extends Run, T> implements Machine<T> {
  readonly #operation: string;
  readonly #settle: (run: R) => T | undefined;
  #run: R | null;
  #outcome: Outcome<T> = { status: 'pending' };

  /** @param settle the result once the run has it; throws when the run was aborted */
  constructor(operation: string, run: R, settle: (run: R) => T | undefined) {
    this.#operation = operation;
    this.#run = run;
    this.#settle = settle;
  }

  start(): Outgoing[] {
    return this.#step((run) => run.start());
  }

  receive(from: PartyId, round: number, payload: Uint8Array): Outgoing[] {
    const operation = this.#operation;
    return this.#step((run) => run.receive(sixteenBits(from, operation), sixteenBits(round, operation), bytes(payload, operation)));
  }

  outcome(): Outcome<T> {
    return this.#outcome;
  }

  free(): void {
    this.#run?.free();
    this.#run = null;
    if (this.#outcome.status === 'pending') this.#abort(misuse(this.#operation, 'the run was freed'));
  }

  /** Runs a step and takes the result or the error out of the module as soon as there is one. */
  #step(step: (run: R) => wasm.Outgoing[]): Outgoing[] {
    const run = this.#run;
    if (run === null || this.#outcome.status !== 'pending') return [];
    try {
      const messages = outgoing(step(run));
      const result = this.#settle(run);
      if (result !== undefined) this.#end({ status: 'done', result });
      return messages;
    } catch (thrown) {
      this.#abort(typed(thrown, this.#operation));
      return [];
    }
  }

  #abort(error: TrefoilError): void {
    this.#end({ status: 'aborted', error });
  }

  #end(outcome: Outcome<T>): void {
    this.#outcome = outcome;
    this.#run?.free();
    this.#run = null;
  }
}

function shareHandle(share: KeyShare, operation: string): wasm.KeyShare {
  if (!(share instanceof ShareHandle)) throw misuse(operation, 'the share is not one of this engine');
  return share.use(operation);
}

/** The engine over the loaded module; one of the loaders beside this file has to load it first. */
export const engine: Engine = {
  keygen: ({ party, roster, threshold, context }) =>
    guarded('keygen', () => {
      const parties = Uint16Array.from(roster, (id) => sixteenBits(id, 'keygen'));
      const quorum = sixteenBits(threshold, 'keygen');
      const run = new wasm.Keygen(sixteenBits(party, 'keygen'), parties, quorum, bytes(context, 'keygen'));
      return new MachineHandle('keygen', run, (live) => {
        const share = live.outcome();
        return share === undefined ? undefined : new ShareHandle(share);
      });
    }),

  decodeShare: (encoded, publicPackage) =>
    guarded('decodeShare', () => new ShareHandle(wasm.KeyShare.decode(bytes(encoded, 'decodeShare'), bytes(publicPackage, 'decodeShare')))),

  publicKeys: (publicPackage) =>
    guarded('publicKeys', (): PublicKeys => {
      const keys = wasm.PublicKeys.decode(bytes(publicPackage, 'publicKeys'));
      const { threshold, ecdsa, taproot, ed25519, ecdsaChainCode, taprootChainCode } = keys;
      const roster = [...keys.roster] as PartyId[];
      keys.free();
      return { threshold, roster, ecdsa, taproot, ed25519, chainCodes: { ecdsa: ecdsaChainCode, taproot: taprootChainCode } };
    }),

  commit: (share, suite) =>
    guarded('commit', () => new NoncesHandle(new wasm.Nonces(shareHandle(share, 'commit'), suiteNumber(suite, 'commit')), suite)),

  initiate: ({ share, suite, digest, responder, responderCommitments }) =>
    guarded('initiate', () => {
      const handle = shareHandle(share, 'initiate');
      const peer = sixteenBits(responder, 'initiate');
      const commitments = bytes(responderCommitments, 'initiate');
      const run = new wasm.Initiator(handle, suiteNumber(suite, 'initiate'), bytes(digest, 'initiate'), peer, commitments);
      return new MachineHandle('initiate', run, (live) => live.outcome());
    }),

  respond: ({ share, nonces, digest, initiator }) =>
    guarded('respond', () => {
      if (!(nonces instanceof NoncesHandle)) throw misuse('respond', 'the nonces are not of this engine');
      const taken = nonces.consume('respond');
      let handle: wasm.KeyShare;
      let peer: number;
      try {
        handle = shareHandle(share, 'respond');
        peer = sixteenBits(initiator, 'respond');
        bytes(digest, 'respond');
      } catch (thrown) {
        taken.free();
        throw thrown;
      }
      const run = new wasm.Responder(handle, taken, digest, peer);
      return new MachineHandle<wasm.Responder, null>('respond', run, (live) => (live.outcome() ? null : undefined));
    }),
};
