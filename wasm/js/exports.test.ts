/**
 * What the module lets out is a list that a person has read. A change of it shows up here, and so does anything that
 * could take randomness from a caller or give a nonce away.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { initSync } from '../pkg/trefoil.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

const declarations = read('../pkg/trefoil.d.ts');

/** The exports of the module itself and the declarations of its glue, one per line. */
function surface(): string {
  const exported = Object.keys(initSync({ module: readFileSync(new URL('../pkg/trefoil_bg.wasm', import.meta.url)) }));
  const declared = declarations
    .replaceAll(/\/\*\*[\s\S]*?\*\//g, '')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.startsWith('/*'));
  return `${[...exported.map((name) => `wasm ${name}`).sort(), ...declared].join('\n')}\n`;
}

test('the exports are those of the snapshot', async () => {
  await expect(surface()).toMatchFileSnapshot('./exports.snapshot.txt');
});

function members(name: string): string[] {
  const body = new RegExp(`export class ${name} \\{([\\s\\S]*?)\\n\\}`).exec(declarations.replaceAll(/\/\*\*[\s\S]*?\*\//g, ''))?.[1] ?? '';
  return body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

test('nonces can be made, offered and destroyed, and not written', () => {
  expect(members('Nonces')).toEqual([
    'free(): void;',
    '[Symbol.dispose](): void;',
    'commitments(): Uint8Array;',
    'constructor(share: KeyShare, suite: FrostSuite);',
  ]);
});

test('nothing takes a seed, deals or reconstructs', () => {
  expect(surface()).not.toMatch(/seed|entropy|random|dealer|reconstruct|secret|toBytes|serialize/i);
});
