/** Unlocking with nothing but this browser: it keeps the wrapping key and does not hand it out. */
import type { WrappedDataKey, Wrapper } from './wrapped-data-key.ts';

export interface DeviceSecret {
  readonly method: 'device';
}

interface DeviceColumns {
  readonly method: 'device';
  /** Non-extractable: the browser keeps its bytes to itself. */
  readonly key: CryptoKey;
}

export type DeviceRow = WrappedDataKey & DeviceColumns;

export async function newDeviceWrapper(): Promise<Wrapper<DeviceColumns>> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  return { key, columns: { method: 'device', key } };
}
