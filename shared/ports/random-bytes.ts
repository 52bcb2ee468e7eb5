/** Draws that many bytes. Ceremonies are handed one, so that a simulation decides what is drawn; the engine draws its own. */
export type RandomBytes = (count: number) => Uint8Array<ArrayBuffer>;

/** The platform's cryptographic source. */
export const platformRandom: RandomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));
