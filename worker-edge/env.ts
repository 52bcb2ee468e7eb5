/** What wrangler binds. */
import type { RawSettings } from './settings.ts';
import type { WalletRoom } from './wallet-room/wallet-room.ts';

export interface Bindings extends RawSettings {
  readonly WALLET_ROOM: DurableObjectNamespace<WalletRoom>;
}
