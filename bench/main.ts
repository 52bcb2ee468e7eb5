/**
 * `npm run bench`: what Trefoil costs, beside what its peers cost in the same run. `--only GROUP` runs one group,
 * `--json FILE` also writes the rows.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchEcdsa } from './ecdsa.ts';
import { benchEngine } from './engine.ts';
import { benchEthereum } from './ethereum.ts';
import { benchFlow } from './flow.ts';
import type { BenchRow } from './row.ts';

const GROUPS: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  engine: benchEngine,
  ecdsa: async () => [...(await benchEcdsa()), ...(await benchEthereum())],
  flow: benchFlow,
};

const shown = (value: number | null): string => (value === null ? '–' : value < 10 ? value.toFixed(3) : value.toFixed(1));

function print(rows: readonly BenchRow[]): void {
  const lines = rows.map(({ id, unit, ours, peer, ratio, runs, peerName }) => [
    id,
    unit,
    shown(ours),
    shown(peer),
    shown(ratio),
    String(runs),
    peerName ?? '',
  ]);
  const table = [['id', 'unit', 'ours', 'peer', 'ratio', 'runs', 'peer is'], ...lines];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  for (const line of table) process.stdout.write(`${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`);
}

const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
if (values.only !== undefined && GROUPS[values.only] === undefined) {
  process.stderr.write(`unknown group ${values.only}; groups: ${Object.keys(GROUPS).join(' ')}\n`);
  process.exit(2);
}
const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(GROUPS)) {
  if (values.only === undefined || values.only === name) rows.push(...(await bench()));
}
print(rows);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
process.exit(0);
