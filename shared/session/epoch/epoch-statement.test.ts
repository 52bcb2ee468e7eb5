import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { type Epoch, type PartyId, randomWalletId } from '#shared/ids.ts';
import { EpochStatementSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { codeOf } from '#test/support/code-of.ts';
import { newIdentity } from '#test/support/parties.ts';
import { signEpochStatement, verifyEpochStatement } from './epoch-statement.ts';

const NODE = 2 as PartyId;
const subject = { walletId: randomWalletId(), epoch: 0 as Epoch, publicPackageHash: new Uint8Array(32).fill(7) };

describe('a party’s word on an epoch', () => {
  it('holds for exactly its word, wallet, epoch, package, party and identity', async () => {
    const [identity, stranger] = [await newIdentity(), await newIdentity()];
    const bytes = await signEpochStatement('prepared', subject, NODE, identity);
    const expected = { word: 'prepared' as const, subject, party: NODE, identity: identity.publicKey };
    const code = (over: object): Promise<string> => codeOf(verifyEpochStatement(bytes, { ...expected, ...over }));
    expect(await code({})).toBe('no error');
    expect(await code({ word: 'committed' })).toBe('session/wrong-round');
    expect(await code({ subject: { ...subject, publicPackageHash: new Uint8Array(32) } })).toBe('epoch/conflict');
    expect(await code({ subject: { ...subject, walletId: randomWalletId() } })).toBe('channel/bad-signature');
    expect(await code({ subject: { ...subject, epoch: 1 as Epoch } })).toBe('channel/bad-signature');
    expect(await code({ party: 3 as PartyId })).toBe('channel/bad-signature');
    expect(await code({ identity: stranger.publicKey })).toBe('channel/bad-signature');
  });

  it('refuses every changed byte', async () => {
    const identity = await newIdentity();
    const bytes = await signEpochStatement('committed', subject, NODE, identity);
    const expected = { word: 'committed' as const, subject, party: NODE, identity: identity.publicKey };
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = bytes.slice();
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(await codeOf(verifyEpochStatement(changed, expected))).toMatch(/^(input|channel|epoch|session)\//);
    }
    const statement = fromBinary(EpochStatementSchema, bytes);
    const unsigned = toBinary(EpochStatementSchema, create(EpochStatementSchema, { ...statement, signature: new Uint8Array() }));
    expect(await codeOf(verifyEpochStatement(unsigned, expected))).toBe('channel/bad-signature');
  });
});
