/** The frame around every screen. */
export const appWords = {
  brand: 'Trefoil',
  /** Of the window. */
  title: (heading: string) => `${heading} – Trefoil wallet`,
  lock: 'Lock',
  offline: 'You are offline. What you see may be old, and nothing can be sent.',
};
