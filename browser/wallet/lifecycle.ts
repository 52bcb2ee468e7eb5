/** From opening the page to an open wallet and back: what the buttons of those screens do. */
import { proxy } from 'comlink';
import { lockedWords } from '#browser/words/unlock.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { ClosedReason, CreateProgress, UnlockSecret, WalletView } from '../worker/api.ts';
import { closeAccounts, openAccounts } from './accounts.ts';
import { forgetDraft } from './draft.ts';
import { forgetMessage } from './message.ts';
import { screen, show } from './screen.ts';
import { forgetWallet, rememberWallet, walletSince } from './wallet-marker.ts';
import { worker } from './worker.ts';

/** Asks the Worker where the wallet stands, and shows it. */
export async function start(): Promise<void> {
  await worker.onClosed(proxy(closed));
  await showState();
}

export async function create(secret: UnlockSecret): Promise<void> {
  show({ at: 'creating', progress: undefined, stopping: false });
  // Asked where a person's click is still fresh; a refusal changes nothing but what the home screen says.
  void navigator.storage?.persist?.();
  try {
    opened(await worker.create(secret, proxy(showProgress)));
  } catch (thrown) {
    const problem = TrefoilError.from(thrown, 'create');
    const stopped = problem.code === 'session/aborted' && screen.value.at === 'creating' && screen.value.stopping;
    // The wallet may exist all the same, when the connection broke after every party had committed: ask the vault.
    await showState(stopped ? {} : { problem });
  }
}

export function stopCreating(): void {
  if (screen.value.at === 'creating') {
    show({ ...screen.value, stopping: true });
    void worker.stopCreating();
  }
}

export async function unlock(secret: UnlockSecret): Promise<void> {
  try {
    opened(await worker.unlock(secret, walletSince() !== undefined));
  } catch (thrown) {
    const problem = TrefoilError.from(thrown, 'unlock');
    if (problem.code === 'vault/damaged' || problem.code === 'engine/stored-share') {
      show({ at: 'broken', problem });
    } else {
      await showState({ problem });
    }
  }
}

export async function lock(): Promise<void> {
  forgetOpen();
  await worker.lock();
  await showState();
}

export async function takeOver(): Promise<void> {
  await worker.takeOver();
  await showState();
}

export function startWithoutDeletedWallet(): void {
  forgetWallet();
  show({ at: 'welcome', interrupted: false });
}

async function showState(context: { notice?: string; problem?: TrefoilError } = {}): Promise<void> {
  try {
    const since = walletSince();
    const state = await worker.status(since !== undefined);
    switch (state.state) {
      case 'open':
        return opened(await worker.view());
      case 'absent':
      case 'interrupted':
        return show({ at: 'welcome', interrupted: state.state === 'interrupted', ...context });
      case 'evicted':
        return show({ at: 'evicted', since });
      case 'in-use':
        return show({ at: 'in-use' });
      case 'locked': {
        const { method, failedAttempts, retryAt } = state;
        return show({ at: 'locked', method, failedAttempts, retryAt, ...context });
      }
    }
  } catch (thrown) {
    show({ at: 'broken', problem: TrefoilError.from(thrown, 'status') });
  }
}

function opened(wallet: WalletView): void {
  rememberWallet();
  openAccounts(wallet);
  show({ at: 'home' });
}

function showProgress(progress: CreateProgress): void {
  if (screen.value.at === 'creating') {
    show({ ...screen.value, progress });
  }
}

function closed(reason: ClosedReason): void {
  forgetOpen();
  if (reason === 'handed-over') {
    show({ at: 'in-use' });
  } else {
    void showState({ notice: lockedWords.closed[reason] });
  }
}

function forgetOpen(): void {
  closeAccounts();
  forgetDraft();
  forgetMessage();
}
