/** Every rule that keeps keys safe, from the engine outwards. */
import { browser } from './browser.ts';
import { chains } from './chains.ts';
import { channel } from './channel.ts';
import { edge } from './edge.ts';
import { engineEcdsaMultiplication } from './engine-ecdsa-multiplication.ts';
import { engineEcdsaPresigning } from './engine-ecdsa-presigning.ts';
import { engineEcdsaSigning } from './engine-ecdsa-signing.ts';
import { engineFormats } from './engine-formats.ts';
import { engineFrost } from './engine-frost.ts';
import { engineKeygen } from './engine-keygen.ts';
import { intentAndAuthorisation } from './intent-and-authorisation.ts';
import { nodeSessions } from './node-sessions.ts';
import { nodeStorage } from './node-storage.ts';
import { oneTimeMaterial } from './one-time-material.ts';
import type { Area } from './rule.ts';
import { signingSession } from './signing-session.ts';
import { walletCreation } from './wallet-creation.ts';

export const AREAS: readonly Area[] = [
  engineKeygen,
  engineFormats,
  engineFrost,
  engineEcdsaMultiplication,
  engineEcdsaPresigning,
  engineEcdsaSigning,
  channel,
  walletCreation,
  oneTimeMaterial,
  signingSession,
  chains,
  intentAndAuthorisation,
  nodeSessions,
  nodeStorage,
  edge,
  browser,
];
