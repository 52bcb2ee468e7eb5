/** Buttons and labels that are the same on every screen. */
export const controlWords = {
  review: 'Review',
  approve: 'Approve',
  cancel: 'Cancel',
  back: 'Back',
  done: 'Done',
  /** What is copied is said after it, to those who cannot see it. */
  copy: 'Copy',
  copied: 'Copied',
  copyRefused: 'Not allowed: select it and copy',
  address: 'Address',
  /** Whose address it is is said after these two, to those who cannot see it. */
  showWhole: 'Show whole',
  showLess: 'Show less',
  asset: 'Asset',
  network: 'Network',
};
