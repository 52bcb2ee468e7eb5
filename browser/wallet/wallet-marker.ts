/**
 * Remembers, outside IndexedDB, that this browser holds a wallet: browsers that reclaim space delete databases and caches but leave
 * this. With it, "never had a wallet" and "the browser deleted it" are two different answers. Nothing secret is in it.
 */
const KEY = 'trefoil.wallet-since';

export function rememberWallet(): void {
  try {
    localStorage.setItem(KEY, walletSince() ?? new Date().toISOString());
  } catch {
    // Without it a later eviction reads as "no wallet here"; nothing else depends on it.
  }
}

/** When the wallet of this browser was made, as ISO 8601. */
export function walletSince(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The person starts again without the wallet that was deleted. */
export function forgetWallet(): void {
  localStorage.removeItem(KEY);
}
