/** A btcd process on regtest and its JSON-RPC. It talks to nobody: no listening for peers, no peers of its own. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { startProgram } from '../chain-program.ts';

/** A refusal in btcd's own numbers and words. */
export class BtcdError extends Error {
  override readonly name = 'BtcdError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const Envelope = z.object({ result: z.unknown(), error: z.object({ code: z.number(), message: z.string() }).nullable() });
const Block = z.object({
  hash: z.string(),
  height: z.number(),
  time: z.number(),
  rawtx: z.array(z.object({ hex: z.string(), txid: z.string() })),
});
/** With its serialised form. */
export type Block = z.infer<typeof Block> & { readonly hex: string };

export interface Btcd {
  readonly blockCount: () => Promise<number>;
  readonly block: (height: number) => Promise<Block>;
  readonly submitBlock: (hex: string) => Promise<void>;
  /** @returns transaction id @throws BtcdError */
  readonly send: (hex: string) => Promise<string>;
  readonly generate: (blocks: number) => Promise<void>;
  close(): Promise<void>;
}

export async function startBtcd(options: { binary: string; dataDir: string; rpcPort: number; miningAddress: string }): Promise<Btcd> {
  await mkdir(options.dataDir, { recursive: true });
  const user = 'trefoil';
  const password = randomBytes(24).toString('hex');
  const configuration = join(options.dataDir, 'btcd.conf');
  // In a file and not in the arguments, which every user of the machine can read.
  await writeFile(configuration, `[Application Options]\nrpcuser=${user}\nrpcpass=${password}\n`, { mode: 0o600 });
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

  async function call<Schema extends z.ZodType>(method: string, params: readonly unknown[], result: Schema): Promise<z.infer<Schema>> {
    const response = await fetch(`http://127.0.0.1:${options.rpcPort}/`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '1.0', id: 1, method, params }),
    });
    const envelope = Envelope.parse(await response.json());
    if (envelope.error !== null) throw new BtcdError(envelope.error.code, envelope.error.message);
    return result.parse(envelope.result);
  }

  const blockCount = (): Promise<number> => call('getblockcount', [], z.number());
  const program = await startProgram({
    ...{ name: 'btcd', binary: options.binary, ask: blockCount },
    args: btcdArguments(options, configuration),
    logFile: join(options.dataDir, 'btcd.log'),
  });
  return {
    blockCount,
    block: async (height) => {
      const hash = await call('getblockhash', [height], z.string());
      return { ...(await call('getblock', [hash, 2], Block)), hex: await call('getblock', [hash, 0], z.string()) };
    },
    submitBlock: async (hex) => {
      const refusal = await call('submitblock', [hex], z.string().nullable());
      if (refusal !== null) throw new Error(`btcd refused a block that it made: ${refusal}`);
    },
    send: (hex) => call('sendrawtransaction', [hex, true], z.string()),
    generate: async (blocks) => {
      await call('generate', [blocks], z.array(z.string()));
    },
    close: () => program.stop(),
  };
}

function btcdArguments(options: { dataDir: string; rpcPort: number; miningAddress: string }, configuration: string): string[] {
  return [
    `--configfile=${configuration}`,
    '--regtest',
    '--notls',
    `--rpclisten=127.0.0.1:${options.rpcPort}`,
    '--nolisten',
    '--nodnsseed',
    `--datadir=${join(options.dataDir, 'chain')}`,
    `--logdir=${join(options.dataDir, 'logs')}`,
    `--miningaddr=${options.miningAddress}`,
  ];
}
