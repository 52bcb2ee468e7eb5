import type { Served } from '../worker/api.ts';
import { sayCount } from './words.ts';

/** Who made the signature, and what it took. @param also what else is worth telling */
export const ServedBy = ({ served: { servedBy, roundTrips }, also = '' }: { served: Served; also?: string }) => (
  <p class="small muted">
    Signed by your browser and node {servedBy} in {sayCount(roundTrips, 'exchange')}
    {also}.
  </p>
);
