/** Whether a hello opens a session as the row of its ceremony has it: the room asks before it calls a node, and each node asks again. */
import type { VerifiedHello } from '../channel/hello.ts';
import { TrefoilError } from '../errors.ts';
import { CEREMONIES, type Ceremony, FIRST_EPOCH, roleOf } from './ceremonies.ts';

/**
 * The row of the hello's ceremony.
 * @throws TrefoilError `channel/roster-mismatch` for another opener or other parties, `channel/wrong-epoch`
 */
export function requireOpening(hello: VerifiedHello): Ceremony {
  const operation = 'requireOpening';
  const ceremony = CEREMONIES[hello.protocol];
  const { startedBy, with: others, epoch } = ceremony;
  if (roleOf(hello.party) !== startedBy) {
    throw new TrefoilError('channel/roster-mismatch', { operation, detail: `only the ${startedBy} opens sessions` });
  }
  const nodes = [...hello.roster.keys()].filter((party) => roleOf(party) === 'node');
  if (others === 'one-node' && nodes.length !== 1) {
    throw new TrefoilError('channel/roster-mismatch', { operation, detail: 'such a session is between the device and one node' });
  }
  if (epoch === 'first' && hello.epoch !== FIRST_EPOCH) {
    throw new TrefoilError('channel/wrong-epoch', { operation, detail: `a wallet begins with epoch ${FIRST_EPOCH}` });
  }
  return ceremony;
}
