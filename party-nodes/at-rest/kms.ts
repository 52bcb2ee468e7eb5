/**
 * The key management port: it wraps and unwraps the data keys that seal shares at rest. The wrapping key never
 * leaves the KMS. `context` is authenticated: a wrapped key opens only for the wallet it was made for.
 */
export interface Kms {
  /** Wraps a 32-byte data key. */
  wrap(dataKey: Uint8Array, context: Uint8Array): Promise<Uint8Array>;
  /** @throws TrefoilError `service/configuration` when the wrapping key is gone or the context is another */
  unwrap(wrapped: Uint8Array, context: Uint8Array): Promise<Uint8Array>;
}
