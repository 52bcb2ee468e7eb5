/** Finding a secret wherever and however it was written. */

/** Every way in which code is likely to write bytes. */
export function formsOf(secret: Uint8Array): Buffer[] {
  const bytes = Buffer.from(secret);
  const texts = [
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    [...bytes].join(','),
    [...bytes].join(', '),
    // Inside a longer base64 text the bytes begin at any of three places in a group; the groups at the edges hold strangers' bits.
    ...[0, 1, 2].flatMap((shift) => {
      const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
      const inner = (text: string): string => text.replace(/=+$/, '').slice(shift === 0 ? 0 : 4, -4);
      return [inner(shifted.toString('base64')), inner(shifted.toString('base64url'))];
    }),
  ];
  return [bytes, ...texts.map((text) => Buffer.from(text))];
}

/** A secret by name, in all of its forms. */
export interface Needle {
  readonly name: string;
  readonly forms: readonly Buffer[];
}

export const needleOf = (name: string, secret: Uint8Array | string): Needle => ({
  name,
  forms: typeof secret === 'string' ? [...formsOf(Buffer.from(secret)), Buffer.from(secret, 'utf16le')] : formsOf(secret),
});

/** The names of the secrets that occur. */
export const foundIn = (haystack: Uint8Array | string, needles: readonly Needle[]): string[] => {
  const bytes = Buffer.from(haystack as Uint8Array);
  return needles.filter(({ forms }) => forms.some((form) => bytes.includes(form))).map(({ name }) => name);
};
