/**
 * The border of the WASM module: its errors become ours, and nothing crosses that it would misread. The module's glue truncates
 * numbers and reads other objects as zeros, so everything is checked here first.
 */
import { type Blame, CATALOGUE, type ErrorCode, TrefoilError } from '#shared/errors.ts';
import type { DerivableKey, FrostSuite, Path } from '#shared/ports/engine.ts';
import * as wasm from '../pkg/trefoil.js';

const SUITES: Readonly<Record<FrostSuite, wasm.FrostSuite>> = {
  taproot: wasm.FrostSuite.Taproot,
  ed25519: wasm.FrostSuite.Ed25519,
};

const DERIVABLE_KEYS: Readonly<Record<DerivableKey, wasm.DerivableKey>> = {
  ecdsa: wasm.DerivableKey.Ecdsa,
  taproot: wasm.DerivableKey.Taproot,
};

/** The module throws its own error type; anything else that comes out of it is a bug of ours. */
export function typed(thrown: unknown, operation: string): TrefoilError {
  if (!(thrown instanceof wasm.EngineError)) return TrefoilError.from(thrown, operation);
  const { code, blame, culprits, round, detail } = thrown;
  thrown.free();
  if (!Object.hasOwn(CATALOGUE, code)) return new TrefoilError('service/bug', { operation, detail: `unknown code ${code}` });
  return new TrefoilError(code as ErrorCode, { operation, blame: blame as Blame, culprits: [...culprits], round, detail });
}

/** Calls the module, and throws what it throws as our own error. */
export function guarded<T>(operation: string, call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw typed(thrown, operation);
  }
}

/** The caller drives the engine wrongly. */
export function misuse(operation: string, detail: string): TrefoilError {
  return new TrefoilError('engine/misuse', { operation, detail });
}

/** A party id that the module can take: its border truncates what is not a 16-bit number. */
export function sixteenBits(value: number, operation: string): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) {
    throw misuse(operation, 'a party, threshold or round is from 0 to 65535');
  }
  return value;
}

/** Bytes that the module can take: its border would read anything else as zeros. */
export function bytes(value: Uint8Array, operation: string): Uint8Array {
  if (Object.prototype.toString.call(value) !== '[object Uint8Array]') throw misuse(operation, 'bytes are a Uint8Array');
  return value;
}

/** Child numbers that the module can take; whether they have a child is its own question. */
export function childNumbers(path: Path, operation: string): Uint32Array {
  if (!Array.isArray(path) || path.some((number) => !Number.isInteger(number) || number < 0 || number > 0xffff_ffff)) {
    throw misuse(operation, 'a path is an array of 32-bit numbers');
  }
  return Uint32Array.from(path);
}

/** The module's number of a suite: its border would read an unknown one as the first. */
export function suiteNumber(suite: FrostSuite, operation: string): wasm.FrostSuite {
  if (!Object.hasOwn(SUITES, suite)) throw misuse(operation, 'the suite is taproot or ed25519');
  return SUITES[suite];
}

/** The module's number of a key that has children. */
export function derivableKeyNumber(key: DerivableKey, operation: string): wasm.DerivableKey {
  if (!Object.hasOwn(DERIVABLE_KEYS, key)) throw misuse(operation, 'only the keys ecdsa and taproot have children');
  return DERIVABLE_KEYS[key];
}
