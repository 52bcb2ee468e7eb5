import type { Area } from './rule.ts';

export const edge: Area = {
  title: 'Edge',
  about: 'The gateway carries what the device signed, keeps no bodies longer than it must, and fails over only where it may.',
  rules: [
    {
      name: 'session-not-ended-for-the-others',
      rule: 'Any failure ends the session for every party.',
      file: 'worker-edge/wallet-room/keygen-relay.ts',
      find: "throw await abortKeygen(context, sessionId, TrefoilError.from(thrown, 'relayKeygen'));",
      replace: "throw TrefoilError.from(thrown, 'relayKeygen');",
      test: { vitest: 'workerd', file: 'worker-edge/wallet-room/wallet-room.test.ts', name: 'ends the session for everybody' },
    },
    {
      name: 'stranger-relayed',
      rule: 'The room carries what the device signed.',
      file: 'worker-edge/wallet-room/keygen-relay.ts',
      find: 'await verifyEnvelope(envelope, session.deviceIdentity);',
      replace: '',
      test: { vitest: 'workerd', file: 'worker-edge/wallet-room/wallet-room.test.ts', name: 'refuses envelopes that are not the device' },
    },
    {
      name: 'ended-session-keeps-its-bodies',
      rule: 'Bodies of an ended session are deleted.',
      file: 'worker-edge/wallet-room/room-store.ts',
      find: "this.#sql.exec('DELETE FROM envelopes WHERE session_id = ?', sessionId);",
      replace: '',
      test: { vitest: 'workerd', file: 'worker-edge/wallet-room/wallet-room.test.ts', name: 'deletes the bodies of an ended session' },
    },
    {
      name: 'relayed-message-not-verified',
      rule: 'The room relays what the device signed.',
      changes: [
        {
          file: 'worker-edge/wallet-room/signing-relay.ts',
          find: 'type Header, verifyEnvelope',
          replace: 'type Header, readHeader',
        },
        {
          file: 'worker-edge/wallet-room/signing-relay.ts',
          find: 'const header = await verifyEnvelope(envelope, identity);',
          replace: 'const header = readHeader(envelope);',
        },
      ],
      test: {
        vitest: 'workerd',
        file: 'worker-edge/wallet-room/signing-relay.test.ts',
        name: 'is refused here when the device did not sign it',
      },
    },
    {
      name: 'failover-after-a-refusal',
      rule: 'A node that refuses is not passed over.',
      file: 'worker-edge/wallet-room/signing-relay.ts',
      find: 'if (!FAILOVER_CODES.includes(failure.code)) throw failure;',
      replace: 'if (FAILOVER_CODES.length === 0) throw failure;',
      test: { vitest: 'e2e', file: 'test/e2e/authorisation.test.ts', name: 'has the last word' },
    },
    {
      name: 'parts-of-another-session-relayed',
      rule: 'The room relays a message in the session that it was given for.',
      file: 'worker-edge/wallet-room/signing-relay.ts',
      find: 'header.sessionId === sessionId &&',
      replace: '',
      test: { vitest: 'e2e', file: 'test/e2e/bad-input.test.ts', name: 'of presigning, bad in any field' },
    },
    {
      name: 'parts-of-another-receiver-relayed',
      rule: 'All parts of a relayed message have one receiver.',
      file: 'worker-edge/wallet-room/signing-relay.ts',
      find: ['header.to === first?.to &&', 'header.round === first.round &&'],
      replace: 'header.round === first?.round &&',
      test: { vitest: 'workerd', file: 'worker-edge/wallet-room/signing-relay.test.ts', name: 'is one message of one session' },
    },
    {
      name: 'parts-out-of-order-relayed',
      rule: 'The room relays the parts of one message, all of them, in order.',
      file: 'worker-edge/wallet-room/signing-relay.ts',
      find: ['header.part === part &&', 'header.parts === headers.length,'],
      replace: ['header.part >= 0 &&', 'part >= 0,'],
      test: { vitest: 'e2e', file: 'test/e2e/bad-input.test.ts', name: 'of presigning, bad in any field' },
    },
    {
      name: 'relayed-body-stored',
      rule: 'Bodies of signing are relayed and never stored.',
      file: 'worker-edge/wallet-room/signing-relay.ts',
      find: ['store.addRelayed(envelopes);', 'try {'],
      replace: ['store.addRelayed(envelopes);', 'for (const envelope of envelopes) store.addEnvelope(envelope);', 'try {'],
      test: { vitest: 'e2e', file: 'test/e2e/crashes.test.ts', name: 'leave no envelope behind at the gateway' },
    },
  ],
};
