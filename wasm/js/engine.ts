/**
 * The engine of `shared/ports/engine.ts` over the WASM module. It converts, and it keeps track of handles: one that was consumed or
 * freed is refused with a typed error, before the module sees it. Whatever is used once is forgotten before anything else is looked at.
 */
import type { PartyId } from '#shared/ids.ts';
import type { Engine, KeyShare, Path, Presignature, PublicKeys } from '#shared/ports/engine.ts';
import * as wasm from '../pkg/trefoil.js';
import { bytes, childNumbers, derivableKeyNumber, guarded, misuse, sixteenBits, suiteNumber } from './border.ts';
import { NoncesHandle, PresignatureHandle, ShareHandle, shareHandle, withTaken } from './handles.ts';
import { MachineHandle } from './machine-handle.ts';
import { PresignHandle } from './presign-handle.ts';

/** What every signer says beside what it uses once: its share, the key, the digest, the other signer. */
function signingRequest(
  operation: string,
  share: KeyShare,
  path: Path,
  digest: Uint8Array,
  peer: PartyId,
): [wasm.KeyShare, Uint32Array, Uint8Array, number] {
  return [shareHandle(share, operation), childNumbers(path, operation), bytes(digest, operation), sixteenBits(peer, operation)];
}

function takePresignature(presignature: Presignature, operation: string): wasm.Presignature {
  if (!(presignature instanceof PresignatureHandle)) throw misuse(operation, 'the presignature is not of this engine');
  return presignature.consume(operation);
}

/** The engine over the loaded module; one of the loaders beside this file has to load it first. */
export const engine: Engine = {
  keygen: ({ party, roster, threshold, context }) =>
    guarded('keygen', () => {
      const parties = Uint16Array.from(roster, (id) => sixteenBits(id, 'keygen'));
      const quorum = sixteenBits(threshold, 'keygen');
      const run = new wasm.Keygen(sixteenBits(party, 'keygen'), parties, quorum, bytes(context, 'keygen'));
      return new MachineHandle('keygen', run, (live) => {
        const share = live.outcome();
        return share === undefined ? undefined : new ShareHandle(share);
      });
    }),

  decodeShare: (encoded, publicPackage) =>
    guarded('decodeShare', () => new ShareHandle(wasm.KeyShare.decode(bytes(encoded, 'decodeShare'), bytes(publicPackage, 'decodeShare')))),

  publicKeys: (publicPackage) =>
    guarded('publicKeys', (): PublicKeys => {
      const keys = wasm.PublicKeys.decode(bytes(publicPackage, 'publicKeys'));
      const { threshold, ecdsa, taproot, ed25519, ecdsaChainCode, taprootChainCode } = keys;
      const roster = [...keys.roster] as PartyId[];
      keys.free();
      return { threshold, roster, ecdsa, taproot, ed25519, chainCodes: { ecdsa: ecdsaChainCode, taproot: taprootChainCode } };
    }),

  commit: (share, suite) =>
    guarded('commit', () => new NoncesHandle(new wasm.Nonces(shareHandle(share, 'commit'), suiteNumber(suite, 'commit')), suite)),

  initiate: ({ share, suite, path, digest, responder, responderCommitments }) =>
    guarded('initiate', () => {
      const handle = shareHandle(share, 'initiate');
      const child = childNumbers(path, 'initiate');
      const peer = sixteenBits(responder, 'initiate');
      const commitments = bytes(responderCommitments, 'initiate');
      const run = new wasm.Initiator(handle, suiteNumber(suite, 'initiate'), child, bytes(digest, 'initiate'), peer, commitments);
      return new MachineHandle('initiate', run, (live) => live.outcome());
    }),

  respond: ({ share, nonces, path, digest, initiator }) =>
    guarded('respond', () => {
      if (!(nonces instanceof NoncesHandle)) throw misuse('respond', 'the nonces are not of this engine');
      const taken = nonces.consume('respond');
      const [handle, ...request] = withTaken(taken, () => signingRequest('respond', share, path, digest, initiator));
      const run = new wasm.Responder(handle, taken, ...request);
      return new MachineHandle<wasm.Responder, null>('respond', run, (live) => (live.outcome() ? null : undefined));
    }),

  derive: (publicPackage, key, path) =>
    guarded('derive', () => {
      const number = derivableKeyNumber(key, 'derive');
      const derived = wasm.DerivedKey.derive(bytes(publicPackage, 'derive'), number, childNumbers(path, 'derive'));
      const child = { key: derived.key, chainCode: derived.chainCode };
      derived.free();
      return child;
    }),

  presign: ({ share, signers, count, context }) =>
    guarded('presign', () => {
      const parties = Uint16Array.from(signers, (id) => sixteenBits(id, 'presign'));
      const run = new wasm.Presign(shareHandle(share, 'presign'), parties, sixteenBits(count, 'presign'), bytes(context, 'presign'));
      return new PresignHandle(run);
    }),

  initiateEcdsa: ({ share, presignature, path, digest, responder }) =>
    guarded('initiateEcdsa', () => {
      const taken = takePresignature(presignature, 'initiateEcdsa');
      const [handle, ...request] = withTaken(taken, () => signingRequest('initiateEcdsa', share, path, digest, responder));
      const run = new wasm.EcdsaInitiator(handle, taken, ...request);
      return new MachineHandle('initiateEcdsa', run, (live) => live.outcome());
    }),

  respondEcdsa: ({ share, presignature, path, digest, initiator }) =>
    guarded('respondEcdsa', () => {
      const taken = takePresignature(presignature, 'respondEcdsa');
      const [handle, ...request] = withTaken(taken, () => signingRequest('respondEcdsa', share, path, digest, initiator));
      const run = new wasm.EcdsaResponder(handle, taken, ...request);
      return new MachineHandle<wasm.EcdsaResponder, null>('respondEcdsa', run, (live) => (live.outcome() ? null : undefined));
    }),
};
