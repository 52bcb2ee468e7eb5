import { describe, expect, it } from 'vitest';
import type { CreateProgress } from '../worker/api.ts';
import { sayProgress } from './welcome.ts';

describe('sayProgress', () => {
  const progress = (step: CreateProgress['step'], parties: string[]): CreateProgress => ({ step, parties, done: 1, total: 6 });

  it('says who is doing what, and how far it is', () => {
    expect(sayProgress(progress('round-2', ['Frankfurt']))).toBe('Your browser and node Frankfurt are making the key: 2 of 3');
    expect(sayProgress(progress('connecting', ['Frankfurt', 'Virginia']))).toBe(
      'Your browser is connecting to nodes Frankfurt and Virginia',
    );
  });
});
