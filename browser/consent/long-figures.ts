/** More figures than this do not fit in one line of a phone at the size of a balance. */
const LONG = 13;

/** Whether an amount has to be smaller where it would be large. */
export const isLong = (figures: string): boolean => figures.length > LONG;
