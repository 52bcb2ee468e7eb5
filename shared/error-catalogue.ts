/**
 * Every error code of Trefoil. A code never changes its meaning; its entry says who is to blame, whether the same call may
 * succeed later, and what to do.
 */

/** Who has to change something: the caller, another party, the service, or us. */
export type Blame = (typeof BLAMES)[number];
const BLAMES = ['caller', 'peer', 'service', 'bug'] as const;

/** A blame that came from outside; undefined for anything else. */
export const parseBlame = (value: unknown): Blame | undefined => BLAMES.find((blame) => blame === value);

/** What is said of one code. */
export interface CatalogueEntry {
  readonly blame: Blame;
  /** True when the very same request may succeed later. */
  readonly retryable: boolean;
  /** HTTP status at the edge. */
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500 | 502 | 503 | 504;
  /** What went wrong, in one short sentence. */
  readonly title: string;
  /** What to do next. */
  readonly fix: string;
}

const entry = (blame: Blame, status: CatalogueEntry['status'], retryable: boolean, title: string, fix: string): CatalogueEntry => ({
  blame,
  retryable,
  status,
  title,
  fix,
});

/** Every error code of Trefoil. The part before the slash names the area. */
export const CATALOGUE = {
  // Anything that enters from outside
  'input/malformed': entry('caller', 400, false, 'The input is not well formed.', 'Correct the named field and send it again.'),
  'input/too-large': entry(
    'caller',
    413,
    false,
    'The input is larger than the limit.',
    'Send less in one request; the limit is in the detail.',
  ),
  'input/unsupported-version': entry(
    'caller',
    400,
    false,
    'This version is not supported.',
    'Update the page or the node so that their versions are at most one apart.',
  ),
  'route/not-found': entry('caller', 404, false, 'There is nothing at this address.', 'See /v1/openapi.json for the routes.'),

  // Sealed channel between parties
  'channel/bad-signature': entry(
    'peer',
    401,
    false,
    'The message was not signed by the party it names.',
    'Discard it. If it repeats, end the session and start a new one.',
  ),
  'channel/cannot-open': entry(
    'peer',
    422,
    false,
    'The sealed message does not open with the key of this session.',
    'End the session and start a new one.',
  ),
  'channel/wrong-wallet': entry('peer', 422, false, 'The message belongs to another wallet.', 'Send it to the wallet that it names.'),
  'channel/wrong-session': entry('peer', 422, false, 'The message belongs to another session.', 'Send it to the session that it names.'),
  'channel/wrong-receiver': entry('peer', 422, false, 'The message is for another party.', 'Send it to the party that it names.'),
  'channel/wrong-epoch': entry(
    'peer',
    409,
    false,
    'The message belongs to another epoch of the wallet.',
    'Unlock again to rejoin the current epoch.',
  ),
  'channel/roster-mismatch': entry(
    'peer',
    422,
    false,
    'The parties do not agree on who takes part.',
    'Check that the page and the nodes pin the same identity keys.',
  ),
  'channel/unpinned-identity': entry(
    'peer',
    403,
    false,
    'An identity key is not the pinned one.',
    'Stop. Compare the identity keys of the release with those of the nodes.',
  ),

  // Sessions
  'session/unknown': entry('caller', 404, false, 'There is no such session here.', 'Start a new session.'),
  'session/ended': entry('caller', 410, false, 'The session has ended.', 'Start a new session.'),
  'session/repeated': entry('peer', 409, false, 'This session was already used.', 'Start a new session with fresh nonces.'),
  'session/wrong-round': entry('peer', 409, false, 'The message does not belong to this round.', 'Send the messages of the current round.'),
  'session/conflict': entry(
    'peer',
    409,
    false,
    'Other bytes were already received in this place.',
    'Resend the identical bytes, or start a new session.',
  ),
  'session/timeout': entry(
    'service',
    504,
    true,
    'The session ran out of time.',
    'Try again; if it repeats, look at the status of the named party.',
  ),
  'session/aborted': entry('service', 409, true, 'The session was ended by another party.', 'Try again.'),
  'session/too-many-strikes': entry(
    'peer',
    429,
    true,
    'Too many prepared signatures of this wallet failed their checks.',
    'Wait an hour; if it happens again, one of the parties runs altered software.',
  ),
  'session/too-many': entry('service', 429, true, 'Too many sessions are open for this wallet.', 'Wait until one has ended.'),
  'session/party-unreachable': entry(
    'service',
    502,
    true,
    'A party did not answer.',
    'Try again; if it repeats, look at the status of the named party.',
  ),

  // Engine
  'engine/malformed': entry(
    'peer',
    422,
    false,
    'A protocol message is not well formed.',
    'End the session and start a new one; the named party sent it.',
  ),
  'engine/bad-proof': entry(
    'peer',
    422,
    false,
    'A proof of the named party does not hold.',
    'End the session; the named party broke the protocol.',
  ),
  'engine/bad-share': entry(
    'peer',
    422,
    false,
    'A share of the named party does not verify.',
    'End the session; the named party broke the protocol.',
  ),
  'engine/failed-check': entry(
    'peer',
    422,
    false,
    'A check of the named party’s messages does not hold.',
    'The whole batch is gone; begin a new one. The named party broke the protocol.',
  ),
  'engine/echo-mismatch': entry(
    'peer',
    422,
    false,
    'The parties did not all see the same messages.',
    'Stop. Somebody between the parties changed a message.',
  ),
  'engine/wrong-round': entry('peer', 409, false, 'A protocol message came in the wrong round.', 'End the session and start a new one.'),
  'engine/stored-share': entry(
    'caller',
    422,
    false,
    'The stored share does not validate.',
    'Restore the share from a backup or recover the wallet.',
  ),
  'engine/misuse': entry(
    'bug',
    500,
    false,
    'The engine was called in a way that it forbids.',
    'Report this with the operation named here.',
  ),
  'engine/nonce-spent': entry('bug', 409, false, 'This nonce was already used.', 'Take a fresh one: a nonce signs one digest, once.'),
  'engine/presignature-spent': entry(
    'bug',
    409,
    false,
    'This presignature was already used.',
    'Take a fresh one: a presignature signs one digest, once.',
  ),

  // Wallets and epochs
  'wallet/unknown': entry('caller', 404, false, 'There is no such wallet here.', 'Check the wallet id, or create a wallet.'),
  'wallet/exists': entry('caller', 409, false, 'A wallet with this id exists.', 'Choose a fresh random wallet id.'),
  'wallet/not-committed': entry(
    'caller',
    409,
    false,
    'The wallet was never completed by all parties.',
    'Create a new wallet; this one has no address.',
  ),
  'epoch/conflict': entry(
    'peer',
    409,
    false,
    'The parties do not agree on the new keys.',
    'Stop. Nothing was replaced; start a new session.',
  ),

  // Intents
  'intent/expired': entry(
    'caller',
    422,
    false,
    'The approval is too old.',
    'Review the transaction and approve it again. If this repeats, check the clock of this device.',
  ),
  'intent/expiry-too-far': entry(
    'caller',
    422,
    false,
    'The approval would stay valid for more than ten minutes.',
    'Use a shorter expiry and check the clock of this device.',
  ),
  'intent/repeated': entry('caller', 409, false, 'This approval was already used.', 'Review the transaction and approve it again.'),
  'intent/not-authorised': entry(
    'caller',
    403,
    false,
    'The wallet did not authorise exactly this transaction.',
    'Review the transaction and approve it again.',
  ),
  'intent/unsupported': entry(
    'caller',
    422,
    false,
    'This transaction is of a kind that Trefoil does not sign.',
    'Send a kind of transaction that the wallet supports.',
  ),
  'intent/commitment-spent': entry(
    'caller',
    409,
    false,
    'The node no longer has this one-time commitment.',
    'Ask for fresh commitments and sign again.',
  ),

  // Chains
  'chain/unknown': entry('caller', 422, false, 'This chain is not supported.', 'Choose one of the chains of the wallet.'),
  'chain/no-account': entry('caller', 422, false, 'This chain has only the first account of a wallet.', 'Use the first account here.'),
  'chain/bad-address': entry(
    'caller',
    422,
    false,
    'This is not an address of this chain.',
    'Check the address with the person who gave it to you.',
  ),
  'chain/bad-amount': entry(
    'caller',
    422,
    false,
    'This is not an amount of this asset.',
    'Enter a positive number with no more decimals than the asset has.',
  ),
  'chain/insufficient-funds': entry(
    'caller',
    422,
    false,
    'The balance does not cover the amount and the fee.',
    'Send less, or add funds first.',
  ),
  'chain/dust': entry('caller', 422, false, 'The amount is too small for the network to carry.', 'Send more than the named minimum.'),
  'chain/unavailable': entry('service', 503, true, 'The network did not answer.', 'Check the connection and try again.'),
  'chain/rejected': entry('service', 502, false, 'The network refused the transaction.', 'See the reason in the detail; nothing was sent.'),

  // Storage on the device
  'vault/absent': entry(
    'caller',
    404,
    false,
    'There is no wallet in this browser.',
    'Create a wallet, or recover yours from another device.',
  ),
  'vault/evicted': entry(
    'service',
    410,
    false,
    'The browser has deleted the wallet data of this site.',
    'Recover the wallet from another device; do not create a new one if you have funds in it.',
  ),
  'vault/cannot-open': entry(
    'caller',
    401,
    true,
    'The passphrase does not open this wallet.',
    'Check the passphrase and try again; nothing was changed.',
  ),
  'vault/damaged': entry('service', 500, false, 'The stored wallet data is damaged.', 'Recover the wallet from another device.'),
  'vault/locked': entry('caller', 401, false, 'The wallet is locked.', 'Unlock the wallet first.'),
  'vault/weak-passphrase': entry(
    'caller',
    422,
    false,
    'The passphrase is too short.',
    'Use at least 12 characters; several words work well.',
  ),
  'vault/in-use': entry('caller', 409, true, 'The wallet is open in another tab.', 'Use that tab, or close it and try again.'),

  // The service
  'service/unauthenticated': entry(
    'caller',
    401,
    false,
    'The request carries no valid credential.',
    'Send the gateway token that the node was configured with.',
  ),
  'service/busy': entry('service', 503, true, 'The service asks for patience.', 'Wait a little; nothing is wrong with the request.'),
  'service/unavailable': entry('service', 503, true, 'The service cannot answer now.', 'Try again in a moment.'),
  'service/offline': entry('service', 503, true, 'There is no connection to the service.', 'Check the connection and try again.'),
  'service/configuration': entry(
    'service',
    500,
    false,
    'The service is not configured correctly.',
    'Correct the named setting and start again.',
  ),
  'service/bug': entry('bug', 500, false, 'Something went wrong that should not be possible.', 'Report this with the request id.'),
} as const satisfies Record<string, CatalogueEntry>;

/** The code of a {@link TrefoilError}. */
export type ErrorCode = keyof typeof CATALOGUE;
