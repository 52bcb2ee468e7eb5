/** `npm start`: the whole system on this machine, until Ctrl-C. */
import { parseArgs } from 'node:util';
import { startWorld, type World } from '#local-world/topology.ts';
import { deleteFolder } from '#local-world/world-folder.ts';
import { TrefoilError } from '#shared/errors.ts';

const USAGE = `npm start -- [options]
  --port NUMBER   the page's port; the ten after it are used too (default 4600)
  --data FOLDER   where this world lives (default .trefoil/world)
  --reset         begin anew: delete the world in that folder, with all wallets and test money
  --help          this text`;

/** A terminal sends Ctrl-C to every process, and npm passes it on once more: later ones mean impatience. */
const SAME_SIGNAL_MS = 2_000;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

function readOptions(): { port: number; data: string; reset: boolean; help: boolean } {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4600' },
      data: { type: 'string', default: '.trefoil/world' },
      reset: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const port = /^[0-9]+$/.test(values.port) ? Number(values.port) : Number.NaN;
  return { ...values, port };
}

/** The world, until somebody wants to stop: then the process ends once the world has, also while it is still starting. */
function stopOnSignal(worldOf: (signal: AbortSignal) => Promise<World>): Promise<World> {
  const stopping = new AbortController();
  const world = worldOf(stopping.signal);
  let since: number | undefined;
  const stop = async (): Promise<void> => {
    if (since !== undefined) {
      if (Date.now() - since > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    since = Date.now();
    say('Stopping');
    stopping.abort();
    await world.then((running) => running.close()).catch(() => undefined);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
  return world.catch((cause: unknown) => {
    // The stop above is about to end the process.
    if (stopping.signal.aborted) return new Promise<World>(() => undefined);
    throw cause;
  });
}

const where = (chain: World['bitcoin']): string => ('url' in chain ? chain.url : `unavailable: ${chain.unavailable}`);

async function main(): Promise<void> {
  const { port, data, reset, help } = readOptions();
  if (help) {
    say(USAGE);
    return;
  }
  if (reset) deleteFolder(data);
  const { page, faucet, solana, evm, bitcoin } = await stopOnSignal((signal) => startWorld({ dataDir: data, basePort: port, say, signal }));
  say(`Solana   ${solana}`);
  say(`Ethereum ${where(evm)}`);
  say(`Bitcoin  ${where(bitcoin)}`);
  say(`Faucet   ${faucet}/faucet`);
  say(`Data     ${data} (logs in ${data}/logs); Ctrl-C ends everything`);
  say(`ready ${page}`);
}

main().catch((thrown: unknown) => {
  if (thrown instanceof TrefoilError) process.stderr.write(`Cannot start: ${thrown.detail ?? thrown.message}\n`);
  else if (thrown instanceof TypeError && 'code' in thrown) process.stderr.write(`${thrown.message}\n\n${USAGE}\n`);
  else process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  process.exit(1);
});
