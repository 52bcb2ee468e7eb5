/** Key generation: the ceremony that makes a wallet. Every party brings its own randomness; there is no dealer. */
import { hashParts } from '#shared/channel/bytes.ts';
import type { Channel } from '#shared/channel/channel.ts';
import { idBytes } from '#shared/ids.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { Engine } from '#shared/ports/engine.ts';
import type { EpochStore } from '#shared/ports/epoch-store.ts';
import { Protocol } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { CEREMONIES } from '../ceremonies.ts';
import { EpochCeremony } from './epoch-ceremony.ts';

const CONTEXT_DOMAIN = 'trefoil/keygen-context/v1';

/** What a party needs to take part. `threshold`: how many parties sign together. */
export interface KeygenOptions {
  readonly engine: Engine;
  readonly channel: Channel;
  readonly store: EpochStore;
  readonly threshold: number;
  /** Milliseconds that a round may take. */
  readonly roundMs: number;
  readonly clock: Clock;
}

/** This party's side. Its context binds the session and every identity key. */
export function keygenCeremony({ engine, channel, threshold, ...rest }: KeygenOptions): EpochCeremony {
  const machine = engine.keygen({
    party: channel.self,
    roster: [...channel.roster.keys()],
    threshold,
    context: hashParts(CONTEXT_DOMAIN, idBytes(channel.sessionId), ...channel.roster.values()),
  });
  return new EpochCeremony({ ceremony: CEREMONIES[Protocol.KEYGEN], machine, channel, ...rest });
}
