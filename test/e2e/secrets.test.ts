/**
 * Where secrets are, and where they are not: in a real browser over the whole world, with a recorder inside the Worker that
 * notes each secret as it is used. None of them may be anywhere else.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { base58 } from '@scure/base';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formsOf, foundIn, type Needle, needleOf } from '../support/needles.ts';
import { fund, PASSPHRASE, type Story, send, startStory } from './topology.ts';
import { plantRecorder, type Recorded, takeRecorded } from './worker-recorder.ts';

const WRONG_PASSPHRASE = 'wrong horse battery staple';

let story: Story;
let context: BrowserContext;
let page: Page;
/** Everything that left the page's main thread for the Worker, in order. */
const toWorker: string[] = [];
const requests: string[] = [];
const said: string[] = [];
/** Of all Workers that the page has had. */
const recorded: Recorded[] = [];
const fromWorker: string[] = [];
let needles: Needle[] = [];

beforeAll(async () => {
  story = await startStory();
  await plantRecorder(story);
  context = await story.newContext();
  page = await context.newPage();
  await page.exposeBinding('reportPosted', (_source, message: string) => void toWorker.push(message));
  await page.addInitScript(() => {
    const report = (globalThis as unknown as { reportPosted(message: string): Promise<void> }).reportPosted;
    const plain = (value: unknown): unknown => {
      if (value instanceof ArrayBuffer) return [...new Uint8Array(value)].join(',');
      if (ArrayBuffer.isView(value)) return [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)].join(',');
      if (typeof value === 'bigint') return String(value);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
    };
    for (const target of [Worker.prototype, MessagePort.prototype] as { postMessage(message: unknown, ...rest: unknown[]): void }[]) {
      const { postMessage } = target;
      target.postMessage = function (message, ...rest) {
        void report(JSON.stringify(plain(message)));
        postMessage.call(this, message, ...rest);
      };
    }
  });
  context.on('request', (request) => {
    requests.push(`${request.method()} ${request.url()}\n${JSON.stringify(request.headers())}\n${request.postData() ?? ''}`);
  });
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(`${error.message}\n${error.stack ?? ''}`));
  await page.goto(story.world.page);
  await live();
}, 15 * 60_000);
afterAll(() => story?.close());

/** As a person types: no script of the test ever holds the passphrase inside the page. */
async function type(passphrase: string, button: string): Promise<void> {
  await page.getByLabel('Passphrase').click();
  await page.keyboard.type(passphrase);
  await page.getByRole('button', { name: button }).click();
}

const bytesOf = ({ hex }: Recorded): Buffer => Buffer.from(hex, 'hex');
const sealed = (kind: string): Recorded[] => recorded.filter(({ about }) => about.includes('trefoil/vault') && about.includes(`"${kind}"`));
const SEED_HEAD = '302e020100300506032b657004220420';

/** Every secret that the recorder has seen. */
function secretsOf(): Needle[] {
  const shares = sealed('share').map((each) => needleOf('share', bytesOf(each)));
  const identities = sealed('identity').map((each) => needleOf('identity seed', bytesOf(each)));
  const seeds = recorded
    .filter(({ what, hex }) => what === 'importKey' && hex.startsWith(SEED_HEAD))
    .map(({ hex }) => needleOf('imported seed', Buffer.from(hex.slice(SEED_HEAD.length), 'hex')));
  const keys = recorded.filter(({ what, about }) => what === 'importKey' && /AES-GCM|HMAC|HKDF/.test(about) && !about.includes('Ed25519'));
  const dataKeys = keys
    .filter(({ hex }) => hex.length === 64 && !/^(..)\1+$/.test(hex))
    .map((each) => needleOf('symmetric key', bytesOf(each)));
  const protocol = recorded
    .filter(({ about, hex, what }) => what !== 'importKey' && !about.includes('trefoil/') && hex.length >= 64)
    .map((each) => needleOf('engine plaintext', bytesOf(each)));
  const parts = sealed('share').flatMap((each) => partsOf(bytesOf(each)));
  return [
    ...shares,
    ...parts,
    ...identities,
    ...seeds,
    ...dataKeys,
    ...protocol,
    needleOf('passphrase', PASSPHRASE),
    needleOf('wrong passphrase', WRONG_PASSPHRASE),
  ];
}

/** Pieces of a share, so that one scalar that leaks alone is found; pieces that anybody may know are not among them. */
function partsOf(share: Buffer): Needle[] {
  const packages = sealed('package').map(bytesOf);
  // The package's hash stands in the share and, for anybody to read, in the vault's row of the wallet.
  const open = Buffer.concat([...packages, ...packages.map((each) => sha256(each)), ...sealed('roster').map(bytesOf)]);
  const pieces = Array.from({ length: share.length - 23 }, (_, at) => share.subarray(at, at + 24));
  return pieces.filter((piece) => !open.includes(piece) && new Set(piece).size > 8).map((piece) => needleOf('piece of the share', piece));
}

/** Everything that the page has stored, with bytes in hex. */
const storedByPage = (): Promise<string> =>
  page.evaluate(async () => {
    const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const plain = (value: unknown): unknown => {
      if (value instanceof ArrayBuffer) return hex(new Uint8Array(value));
      if (ArrayBuffer.isView(value)) return hex(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      if (value instanceof CryptoKey) return `key, extractable ${value.extractable}`;
      if (typeof value !== 'object' || value === null) return String(value);
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
    };
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const out: unknown[] = [{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state, document.documentElement.outerHTML];
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name));
      for (const table of database.objectStoreNames) {
        const store = database.transaction(table).objectStore(table);
        out.push(name, table, (await settled(store.getAllKeys())).map(plain), (await settled(store.getAll())).map(plain));
      }
      database.close();
    }
    for (const name of await caches.keys()) out.push(name);
    return JSON.stringify(out);
  });

/** All strings on the main thread's heap that something still holds. */
async function heapOfPage(): Promise<string> {
  const session = await context.newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return chunks.join('');
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** A wallet's life: created, funded, used, locked, opened with a wrong and with the right passphrase. */
async function live(): Promise<void> {
  await type(PASSPHRASE, 'Create wallet');
  await page.getByRole('heading', { name: 'Your wallet', exact: true }).waitFor({ timeout: 60_000 });
  await fund(page, 'SOL', /^5/);
  await send(page, base58.encode(crypto.getRandomValues(new Uint8Array(32))), '0.5');
  await page
    .getByRole('button', { name: /done|back|home/i })
    .first()
    .click();
  await page.getByRole('button', { name: 'Lock' }).click();
  await type(WRONG_PASSPHRASE, 'Unlock');
  await page.getByText('One wrong passphrase').first().waitFor({ timeout: 30_000 });
  expect(await page.getByLabel('Passphrase').inputValue()).toBe('');
  await type(PASSPHRASE, 'Unlock');
  await page.getByRole('heading', { name: 'Your wallet', exact: true }).waitFor({ timeout: 60_000 });
  const taken = await takeRecorded(page);
  recorded.push(...taken.recorded);
  fromWorker.push(...taken.posted);
  needles = secretsOf();
}

describe('secrets of a wallet', () => {
  it('are used in the Worker, where the recorder sees them', async () => {
    const [share] = sealed('share').map(bytesOf);
    expect(share?.length).toBeGreaterThan(100);
    expect(share?.length).toBeLessThan(1024);
    const [identity] = sealed('identity').map(bytesOf);
    expect(identity).toHaveLength(32);
    // Once sealed at creation, once opened by the unlock: the same bytes.
    expect(new Set(sealed('share').map(({ hex }) => hex)).size).toBe(1);
    expect(sealed('share').map(({ what }) => what)).toEqual(['encrypt', 'decrypt']);
    expect(foundIn(Buffer.from(share ?? []), needles)).toContain('piece of the share');
    const names = new Set(needles.map(({ name }) => name));
    expect([...names].sort()).toEqual(
      [
        'engine plaintext',
        'identity seed',
        'imported seed',
        'passphrase',
        'piece of the share',
        'share',
        'symmetric key',
        'wrong passphrase',
      ].sort(),
    );
  });

  it('would be found in any form, if they were anywhere', () => {
    const [share] = sealed('share').map(bytesOf);
    for (const form of formsOf(share ?? new Uint8Array())) {
      const haystack = Buffer.concat([Buffer.from('before '), form, Buffer.from(' after')]);
      expect(foundIn(haystack, needles)).toContain('share');
    }
    const inner = Buffer.concat([Buffer.alloc(1, 7), share ?? Buffer.alloc(0), Buffer.alloc(3, 9)]);
    for (const text of [inner.toString('base64'), inner.toString('base64url'), inner.toString('hex')]) {
      expect(foundIn(text, needles)).toContain('share');
    }
  });

  it('cross from page to Worker once: the passphrase, when it is needed, and nothing crosses back', () => {
    expect(toWorker.length).toBeGreaterThan(10);
    expect(toWorker.filter((message) => message.includes(PASSPHRASE)).length).toBe(2);
    expect(toWorker.filter((message) => message.includes(WRONG_PASSPHRASE)).length).toBe(1);
    const rest = toWorker.filter((message) => !message.includes('battery staple'));
    expect(foundIn(rest.join('\n'), needles)).toEqual([]);
    expect(fromWorker.length).toBeGreaterThan(10);
    expect(foundIn(fromWorker.join('\n'), needles)).toEqual([]);
  });

  it('are in no request: neither address, nor header, nor body', () => {
    expect(requests.filter((request) => request.includes('/signatures')).length).toBeGreaterThan(0);
    // With its body, so that bodies are what is searched.
    expect(requests.filter((request) => request.includes('/envelopes') && request.includes('{"envelopes":["')).length).toBeGreaterThan(2);
    expect(foundIn(requests.join('\n'), needles)).toEqual([]);
  });

  it('are not in what the page stores, shows or says', async () => {
    const stored = await storedByPage();
    for (const table of ['wallets', 'records', 'unlocks', 'attempts', 'writer']) expect(stored).toContain(`"${table}"`);
    const tables = await page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('trefoil-vault');
        request.onsuccess = () => resolve(request.result);
      });
      const names = [...database.objectStoreNames];
      const kinds = await new Promise<unknown[]>((resolve) => {
        const request = database.transaction('records').objectStore('records').getAllKeys();
        request.onsuccess = () => resolve(request.result.map((key) => (key as unknown[])[1]));
      });
      database.close();
      return { names, kinds };
    });
    // There is no place for a nonce or a commitment.
    expect(tables.names.sort()).toEqual(['attempts', 'records', 'unlocks', 'wallets', 'writer']);
    expect([...new Set(tables.kinds)].sort()).toEqual(['identity', 'package', 'roster', 'sent', 'share']);
    expect(foundIn(stored, needles)).toEqual([]);
    expect(foundIn(said.join('\n'), needles)).toEqual([]);
  });

  it('are not on the main thread’s heap', async () => {
    await page.evaluate(() => Object.assign(globalThis, { control: `a string ${'on the heap'.toUpperCase()} to be found` }));
    const heap = await heapOfPage();
    expect(heap.includes('ON THE HEAP')).toBe(true);
    expect(foundIn(heap, needles)).toEqual([]);
  });

  it('are in no log, no database and no other file of gateway, nodes, chains and page', () => {
    const files = filesOf(story.dataDir);
    const names = files.join('\n');
    for (const part of ['frankfurt/node.sqlite', 'virginia/node.sqlite', 'gateway.log', 'node-frankfurt.log'])
      expect(names).toContain(part);
    expect(files.filter((file) => file.includes('/gateway/') && file.endsWith('.sqlite')).length).toBeGreaterThan(0);
    for (const file of files) expect([file, ...foundIn(readFileSync(file), needles)]).toEqual([file]);
  });
});
