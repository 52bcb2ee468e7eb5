/** Which screen the page shows: one decision at a time. */
import { signal } from '@preact/signals';
import type { TrefoilError } from '#shared/errors.ts';
import type { CreateProgress, PreparedMessage, PreparedTransfer, SentTransfer, SignedMessage, UnlockMethod } from '../worker/api.ts';

export type Screen =
  | { readonly at: 'starting' }
  | { readonly at: 'welcome'; readonly interrupted: boolean; readonly problem?: TrefoilError }
  | { readonly at: 'creating'; readonly progress: CreateProgress | undefined; readonly stopping: boolean }
  | {
      readonly at: 'locked';
      readonly method: UnlockMethod;
      readonly failedAttempts: number;
      readonly retryAt: number;
      readonly notice?: string;
      readonly problem?: TrefoilError;
    }
  | { readonly at: 'in-use'; readonly problem?: TrefoilError }
  | { readonly at: 'evicted'; readonly since: string | undefined }
  | { readonly at: 'broken'; readonly problem: TrefoilError }
  | { readonly at: 'home' }
  | { readonly at: 'receive' }
  | { readonly at: 'send' }
  | { readonly at: 'review'; readonly transfer: PreparedTransfer }
  | { readonly at: 'sent'; readonly transfer: PreparedTransfer; readonly sent: SentTransfer }
  | { readonly at: 'sign-message' }
  | { readonly at: 'review-message'; readonly message: PreparedMessage }
  | { readonly at: 'signed'; readonly message: PreparedMessage; readonly signed: SignedMessage };

export const screen = signal<Screen>({ at: 'starting' });

export function show(next: Screen): void {
  screen.value = next;
}
