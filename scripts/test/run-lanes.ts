/** Runs checks two at a time: a machine has two cores, and most of them wait for something else than a core half of the time. */
import type { Check, Counts } from './check.ts';

const LANES = 2;

export interface Ran extends Counts {
  readonly name: string;
  readonly seconds: number;
  readonly output: string;
}

interface LaneOptions {
  readonly changed: readonly string[] | undefined;
  readonly now: () => number;
  readonly onStart: (check: Check) => void;
  readonly onOutput: (check: Check, text: string) => void;
  readonly onEnd: (ran: Ran) => void;
}

/** Begins the checks in their order; what needs the page waits for it, and others go ahead meanwhile. */
export async function runLanes(checks: readonly Check[], options: LaneOptions): Promise<Ran[]> {
  const waiting = [...checks];
  const ran: Ran[] = [];
  let building: Promise<unknown> = Promise.resolve();
  const lane = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (check.page === 'needs') await building;
      const running = runOne(check, options);
      if (check.page === 'builds') building = running;
      ran.push(await running);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return ran.sort((a, b) => indexOf(checks, a) - indexOf(checks, b));
}

const indexOf = (checks: readonly Check[], { name }: Ran): number => checks.findIndex((check) => check.name === name);

async function runOne(check: Check, { changed, now, onStart, onOutput, onEnd }: LaneOptions): Promise<Ran> {
  onStart(check);
  const began = now();
  let output = '';
  const say = (text: string): void => {
    output += text;
    onOutput(check, text);
  };
  const counts = await check.run({ say, changed }).catch((thrown: unknown) => {
    say(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
    return { passed: 0, failed: 1 };
  });
  const ran = { name: check.name, ...counts, seconds: (now() - began) / 1000, output };
  onEnd(ran);
  return ran;
}
