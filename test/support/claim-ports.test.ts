import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimPort, claimPorts } from './claim-ports.ts';

describe('a claimed port', () => {
  it('is nobody else’s, in this process and in others', async () => {
    const mine = await Promise.all(Array.from({ length: 50 }, claimPort));
    expect(new Set(mine).size).toBe(50);
    const module = join(import.meta.dirname, 'claim-ports.ts');
    const script = `const { claimPorts } = await import(${JSON.stringify(module)}); console.log(await claimPorts(500));`;
    const theirs = Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
    expect(mine.filter((port) => port >= theirs && port < theirs + 500)).toEqual([]);
  });

  it('can be listened on, and is below those of connections going out', async () => {
    const first = await claimPorts(3);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(first, '127.0.0.1', resolve));
    await new Promise((resolve) => server.close(resolve));
    expect(first).toBeGreaterThan(1024);
    expect(first + 2).toBeLessThan(32_768);
  });
});
