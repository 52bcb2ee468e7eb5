import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimPort } from '#test/support/claim-ports.ts';
import { REAPER } from './paths.ts';
import { assertPortsFree, portsFrom } from './ports.ts';
import { Service } from './service.ts';
import { deleteFolder, takeFolder } from './world-folder.ts';

const refusal = (detail: RegExp) => expect.objectContaining({ code: 'service/configuration', detail: expect.stringMatching(detail) });

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A process that nobody has waited for yet is dead all the same.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100 && !condition(); attempt++) await sleep(50);
  expect(condition()).toBe(true);
}

describe('the parts of a world', () => {
  let folder: string;
  let port: number;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'world-'));
    port = await claimPort();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A server that starts a child which ignores polite signals, and writes down both pids. */
  function stubborn(): { spec: ConstructorParameters<typeof Service>[0]; pids: () => number[] } {
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      require('node:http').createServer((_, response) => response.end()).listen(0, '127.0.0.1', function () {
        require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'pids'))}, [process.pid, child.pid].join());
        require('node:http').createServer((_, response) => response.end()).listen(${port}, '127.0.0.1');
      });`;
    return {
      spec: { name: 'stubborn', args: ['-e', script], logFile: join(folder, 'log'), readyUrl: `http://127.0.0.1:${port}/` },
      pids: () => readFileSync(join(folder, 'pids'), 'utf8').split(',').map(Number),
    };
  }
  const groups = () => {
    const known = new Set<number>();
    return { known, add: (group: number) => void known.add(group), remove: (group: number) => void known.delete(group) };
  };

  it('ends a service with everything it started, and can start it again', async () => {
    const register = groups();
    const { spec, pids } = stubborn();
    const service = new Service(spec, register, () => undefined);
    for (const end of ['stop', 'kill'] as const) {
      await service.start();
      expect(register.known.size).toBe(1);
      expect(pids().every(isAlive)).toBe(true);
      await service[end]();
      await until(() => !pids().some(isAlive));
      expect(register.known.size).toBe(0);
    }
  });

  it('tells of a service that dies, and of one that does not start', async () => {
    const deaths: string[] = [];
    const { spec, pids } = stubborn();
    const service = new Service(spec, groups(), (line) => deaths.push(line));
    await service.start();
    process.kill(pids()[0] ?? 0, 'SIGKILL');
    await until(() => deaths.length === 1);
    expect(deaths[0]).toContain('stubborn ended (SIGKILL)');
    const broken = new Service({ ...spec, args: ['-e', 'process.exit(3)'] }, groups(), () => undefined);
    await expect(broken.start()).rejects.toMatchObject({ code: 'service/unavailable' });
  });

  it('the reaper ends what is left when the world is gone', async () => {
    const victim = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
    const spared = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
    const reaper = spawn(process.execPath, [REAPER], { stdio: ['pipe', 'ignore', 'ignore'] });
    reaper.stdin.end(`+${victim.pid}\n+${spared.pid}\n-${spared.pid}\n`);
    await until(() => victim.signalCode !== null && reaper.exitCode === 0);
    expect(spared.exitCode ?? spared.signalCode).toBeNull();
    spared.kill('SIGKILL');
  });

  it('names taken ports before anything starts', async () => {
    const ports = portsFrom(port);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(ports.gateway, '127.0.0.1', resolve));
    await expect(assertPortsFree(ports)).rejects.toEqual(refusal(new RegExp(`port ${ports.gateway} .*taken`)));
    await new Promise((resolve) => server.close(resolve));
    for (const wrong of [80, 65_530, 1.5, Number.NaN]) expect(() => portsFrom(wrong)).toThrow(refusal(/choose a port/));
  });

  it('keeps one folder for one world', () => {
    const world = join(folder, 'world');
    const giveBack = takeFolder(world);
    expect(() => takeFolder(world)).toThrow(refusal(/uses/));
    expect(() => deleteFolder(world)).toThrow(refusal(/end it first/));
    giveBack();
    takeFolder(world)();
    deleteFolder(world);
    deleteFolder(world);
    const other = join(folder, 'photos');
    mkdirSync(other);
    writeFileSync(join(other, 'cat.jpg'), '');
    expect(() => takeFolder(other)).toThrow(refusal(/something else/));
    expect(() => deleteFolder(other)).toThrow(refusal(/not deleted/));
  });
});
