/** A recorder inside the Worker of a story's page, which notes each secret as it is used. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Story } from './topology.ts';

/** What the recorder in the Worker has seen: bytes in hex. */
export interface Recorded {
  readonly what: string;
  readonly about: string;
  readonly hex: string;
}

/** Runs at the head of the Worker's own script: notes what goes into and out of its cipher, and everything that it posts. */
const RECORDER = `{
  const recorded = [];
  const posted = [];
  const hex = (data) => {
    const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
    return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  const text = (data) => (data === undefined ? '' : new TextDecoder('latin1').decode(data));
  const note = (what, about, data) => recorded.push({ what, about, hex: hex(data) });
  const subtle = SubtleCrypto.prototype;
  const { encrypt, decrypt, importKey } = subtle;
  subtle.encrypt = function (algorithm, key, data) {
    note('encrypt', text(algorithm.additionalData), data);
    return encrypt.call(this, algorithm, key, data);
  };
  subtle.decrypt = async function (algorithm, key, data) {
    const plain = await decrypt.call(this, algorithm, key, data);
    note('decrypt', text(algorithm.additionalData), plain);
    return plain;
  };
  subtle.importKey = function (format, data, algorithm, ...rest) {
    if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) note('importKey', format + ' ' + (algorithm.name ?? algorithm), data);
    return importKey.call(this, format, data, algorithm, ...rest);
  };
  const plain = (value, seen = new Set()) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return hex(value);
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return 'again';
    seen.add(value);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each, seen)]));
  };
  const spy = (target) => {
    const { postMessage } = target;
    target.postMessage = function (message, ...rest) {
      posted.push(JSON.stringify(plain(message)));
      return postMessage.call(this, message, ...rest);
    };
  };
  spy(MessagePort.prototype);
  spy(BroadcastChannel.prototype);
  spy(globalThis);
  globalThis.trefoilRecorder = { recorded, posted };
}
`;

/** Puts the recorder at the head of the Worker's script as this world serves it: the bundle that names the vault. */
export async function plantRecorder(story: Story): Promise<void> {
  const assets = join(story.dataDir, 'page', 'assets');
  const isWorker = (name: string): boolean => name.endsWith('.js') && readFileSync(join(assets, name), 'utf8').includes('trefoil-vault');
  const name = readdirSync(assets).find(isWorker);
  if (name === undefined) throw new Error('no script of the page names the vault');
  const script = readFileSync(join(assets, name), 'utf8');
  // A new file, so that what it was copied from stays as it is.
  rmSync(join(assets, name));
  writeFileSync(join(assets, name), RECORDER + script);
  const served = async (): Promise<boolean> =>
    (await (await fetch(`${story.world.page}/assets/${name}`)).text()).includes('trefoilRecorder');
  for (const end = Date.now() + 30_000; !(await served()); await sleep(200)) {
    if (Date.now() > end) throw new Error('the page is served without the recorder');
  }
}

/** Takes what the recorder in the Worker has. */
export async function takeRecorded(page: Page): Promise<{ recorded: Recorded[]; posted: string[] }> {
  const [worker] = page.workers();
  const taken = await worker?.evaluate(() => {
    const { trefoilRecorder } = globalThis as unknown as { trefoilRecorder: { recorded: Recorded[]; posted: string[] } };
    return { recorded: trefoilRecorder.recorded.splice(0), posted: trefoilRecorder.posted.splice(0) };
  });
  return taken ?? { recorded: [], posted: [] };
}
