/** Signals to a whole process group: a tool and everything that it started. */

export function signalGroup(group: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-group, signal);
  } catch (cause) {
    // Already gone.
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}

export function groupIsAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}
