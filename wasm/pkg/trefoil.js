/* @ts-self-types="./trefoil.d.ts" */

/**
 * The keys that have BIP32 children.
 * @enum {0 | 1}
 */
export const DerivableKey = Object.freeze({
    /**
     * The ECDSA key.
     */
    Ecdsa: 0, "0": "Ecdsa",
    /**
     * The BIP340 internal key.
     */
    Taproot: 1, "1": "Taproot",
});

/**
 * A public key out of a BIP32 derivation.
 */
export class DerivedKey {
    static __wrap(ptr) {
        const obj = Object.create(DerivedKey.prototype);
        obj.__wbg_ptr = ptr;
        DerivedKeyFinalization.register(obj, obj.__wbg_ptr, obj);
        return obj;
    }
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        DerivedKeyFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_derivedkey_free(ptr, 0);
    }
    /**
     * 32 bytes.
     * @returns {Uint8Array}
     */
    get chainCode() {
        const ret = wasm.derivedkey_chainCode(this.__wbg_ptr);
        var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        return v1;
    }
    /**
     * Derives a child out of a public package.
     * @param {Uint8Array | number[]} public_package
     * @param {DerivableKey} key
     * @param {Uint32Array | number[]} path
     * @returns {DerivedKey}
     */
    static derive(public_package, key, path) {
        const val3 = +key;
        let ptr0, len0, ptr1, len1;
        try {
            ptr0 = passArray8ToWasm0(public_package, wasm.__wbindgen_malloc);
            len0 = WASM_VECTOR_LEN;
            ptr1 = passArray32ToWasm0(path, wasm.__wbindgen_malloc);
            len1 = WASM_VECTOR_LEN;
        } catch (e) {
            if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 4, 4); }
            if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 1, 1); }
            throw e;
        }
        const ret = wasm.derivedkey_derive(ptr0, len0, val3, ptr1, len1);
        if (ret[2]) {
            throw takeObject(ret[1]);
        }
        return DerivedKey.__wrap(ret[0]);
    }
    /**
     * Compressed SEC1, 33 bytes.
     * @returns {Uint8Array}
     */
    get key() {
        const ret = wasm.derivedkey_key(this.__wbg_ptr);
        var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        return v1;
    }
}
if (Symbol.dispose) DerivedKey.prototype[Symbol.dispose] = DerivedKey.prototype.free;

/**
 * One run of the signer that wants the signature.
 */
export class EcdsaInitiator {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        EcdsaInitiatorFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_ecdsainitiator_free(ptr, 0);
    }
    /**
     * Takes the presignature: its handle is dead afterwards, whatever happens.
     * @param {KeyShare} share
     * @param {Presignature} presignature
     * @param {Uint32Array | number[]} path
     * @param {Uint8Array | number[]} digest
     * @param {number} responder
     */
    constructor(share, presignature, path, digest, responder) {
        _assertClass(share, KeyShare);
        const val4 = +responder;
        let ptr0, ptr1, len1, ptr2, len2;
        try {
            _assertClass(presignature, Presignature);
            ptr0 = presignature.__destroy_into_raw();
            ptr1 = passArray32ToWasm0(path, wasm.__wbindgen_malloc);
            len1 = WASM_VECTOR_LEN;
            ptr2 = passArray8ToWasm0(digest, wasm.__wbindgen_malloc);
            len2 = WASM_VECTOR_LEN;
        } catch (e) {
            if (ptr2) { wasm.__wbindgen_free(ptr2, len2 * 1, 1); }
            if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 4, 4); }
            if (ptr0) wasm.__wbg_presignature_free(ptr0, 1);
            throw e;
        }
        const ret = wasm.ecdsainitiator_new(share.__wbg_ptr, ptr0, ptr1, len1, ptr2, len2, val4);
        if (ret[2]) {
            throw takeObject(ret[1]);
        }
        this.__wbg_ptr = ret[0];
        EcdsaInitiatorFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    /**
     * r, s and the recovery id, 65 bytes, verified, once they are there.
     * @returns {Uint8Array | undefined}
     */
    outcome() {
        const ret = wasm.ecdsainitiator_outcome(this.__wbg_ptr);
        if (ret[3]) {
            throw takeObject(ret[2]);
        }
        let v1;
        if (ret[0] !== 0) {
            v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
            wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        }
        return v1;
    }
    /**
     * Takes an authenticated message.
     * @param {number} from
     * @param {number} round
     * @param {Uint8Array} payload
     * @returns {Outgoing[]}
     */
    receive(from, round, payload) {
        const borrow0 = addBorrowedObject(payload);
        try {
            const ret = wasm.ecdsainitiator_receive(this.__wbg_ptr, from, round, borrow0);
            if (ret[3]) {
                throw takeObject(ret[2]);
            }
            var v2 = getArrayJsValueFromWasm0(ret[0], ret[1]);
            wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
            return v2;
        } finally {
            heap[stack_pointer++] = undefined;
        }
    }
    /**
     * Opens the run.
     * @returns {Outgoing[]}
     */
    start() {
        const ret = wasm.ecdsainitiator_start(this.__wbg_ptr);
        var v1 = getArrayJsValueFromWasm0(ret[0], ret[1]);
        wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
        return v1;
    }
}
if (Symbol.dispose) EcdsaInitiator.prototype[Symbol.dispose] = EcdsaInitiator.prototype.free;

/**
 * One run of the signer that helps.
 */
export class EcdsaResponder {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        EcdsaResponderFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_ecdsaresponder_free(ptr, 0);
    }
    /**
     * Takes the presignature: its handle is dead afterwards, whatever happens.
     * @param {KeyShare} share
     * @param {Presignature} presignature
     * @param {Uint32Array | number[]} path
     * @param {Uint8Array | number[]} digest
     * @param {number} initiator
     */
    constructor(share, presignature, path, digest, initiator) {
        _assertClass(share, KeyShare);
        const val4 = +initiator;
        let ptr0, ptr1, len1, ptr2, len2;
        try {
            _assertClass(presignature, Presignature);
            ptr0 = presignature.__destroy_into_raw();
            ptr1 = passArray32ToWasm0(path, wasm.__wbindgen_malloc);
            len1 = WASM_VECTOR_LEN;
            ptr2 = passArray8ToWasm0(digest, wasm.__wbindgen_malloc);
            len2 = WASM_VECTOR_LEN;
        } catch (e) {
            if (ptr2) { wasm.__wbindgen_free(ptr2, len2 * 1, 1); }
            if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 4, 4); }
            if (ptr0) wasm.__wbg_presignature_free(ptr0, 1);
            throw e;
        }
        const ret = wasm.ecdsaresponder_new(share.__wbg_ptr, ptr0, ptr1, len1, ptr2, len2, val4);
        if (ret[2]) {
            throw takeObject(ret[1]);
        }
        this.__wbg_ptr = ret[0];
        EcdsaResponderFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    /**
     * Whether the part was handed out.
     * @returns {boolean}
     */
    outcome() {
        const ret = wasm.ecdsaresponder_outcome(this.__wbg_ptr);
        if (ret[2]) {
            throw takeObject(ret[1]);
        }
        return ret[0] !== 0;
    }
    /**
     * Takes an authenticated message.
     * @param {number} from
     * @param {number} round
     * @param {Uint8Array} payload
     * @returns {Outgoing[]}
     */
    receive(from, round, payload) {
        const borrow0 = addBorrowedObject(payload);
        try {
            const ret = wasm.ecdsaresponder_receive(this.__wbg_ptr, from, round, borrow0);
            if (ret[3]) {
                throw takeObject(ret[2]);
            }
            var v2 = getArrayJsValueFromWasm0(ret[0], ret[1]);
            wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
            return v2;
        } finally {
            heap[stack_pointer++] = undefined;
        }
    }
    /**
     * Opens the run; the responder has nothing to say yet.
     * @returns {Outgoing[]}
     */
    start() {
        const ret = wasm.ecdsaresponder_start(this.__wbg_ptr);
        var v1 = getArrayJsValueFromWasm0(ret[0], ret[1]);
        wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
        return v1;
    }
}
if (Symbol.dispose) EcdsaResponder.prototype[Symbol.dispose] = EcdsaResponder.prototype.free;

/**
 * A failure of the engine, as data: the host has the words.
 */
export class EngineError {
    static __wrap(ptr) {
        const obj = Object.create(EngineError.prototype);
        obj.__wbg_ptr = ptr;
        EngineErrorFinalization.register(obj, obj.__wbg_ptr, obj);
        return obj;
    }
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        EngineErrorFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_engineerror_free(ptr, 0);
    }
    /**
     * `caller`, `peer` or `bug`.
     * @returns {string}
     */
    get blame() {
        let deferred1_0;
        let deferred1_1;
        try {
            const ret = wasm.engineerror_blame(this.__wbg_ptr);
            deferred1_0 = ret[0];
            deferred1_1 = ret[1];
            return getStringFromWasm0(ret[0], ret[1]);
        } finally {
            wasm.__wbindgen_free(deferred1_0, deferred1_1, 1);
        }
    }
    /**
     * `engine/…`, one of the codes of the catalogue.
     * @returns {string}
     */
    get code() {
        let deferred1_0;
        let deferred1_1;
        try {
            const ret = wasm.engineerror_code(this.__wbg_ptr);
            deferred1_0 = ret[0];
            deferred1_1 = ret[1];
            return getStringFromWasm0(ret[0], ret[1]);
        } finally {
            wasm.__wbindgen_free(deferred1_0, deferred1_1, 1);
        }
    }
    /**
     * Parties that provably broke the protocol.
     * @returns {Uint16Array}
     */
    get culprits() {
        const ret = wasm.engineerror_culprits(this.__wbg_ptr);
        var v1 = getArrayU16FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 2, 2);
        return v1;
    }
    /**
     * Our own words about this case.
     * @returns {string}
     */
    get detail() {
        let deferred1_0;
        let deferred1_1;
        try {
            const ret = wasm.engineerror_detail(this.__wbg_ptr);
            deferred1_0 = ret[0];
            deferred1_1 = ret[1];
            return getStringFromWasm0(ret[0], ret[1]);
        } finally {
            wasm.__wbindgen_free(deferred1_0, deferred1_1, 1);
        }
    }
    /**
     * The round, from 1; absent outside of rounds.
     * @returns {number | undefined}
     */
    get round() {
        const ret = wasm.engineerror_round(this.__wbg_ptr);
        return ret === 0xFFFFFF ? undefined : ret;
    }
}
if (Symbol.dispose) EngineError.prototype[Symbol.dispose] = EngineError.prototype.free;

/**
 * The suites that sign with FROST.
 * @enum {0 | 1}
 */
export const FrostSuite = Object.freeze({
    /**
     * BIP340 under the BIP341 output key of an empty tree.
     */
    Taproot: 0, "0": "Taproot",
    /**
     * RFC 8032.
     */
    Ed25519: 1, "1": "Ed25519",
});

/**
 * One run of the party that wants the signature.
 */
export class Initiator {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        InitiatorFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_initiator_free(ptr, 0);
    }
    /**
     * Makes nonces and signs with the responder's commitments.
     * @param {KeyShare} share
     * @param {FrostSuite} suite
     * @param {Uint32Array | number[]} path
     * @param {Uint8Array | number[]} digest
     * @param {number} responder
     * @param {Uint8Array | number[]} responder_commitments
     */
    constructor(share, suite, path, digest, responder, responder_commitments) {
        _assertClass(share, KeyShare);
        const val4 = +suite;
        const val5 = +responder;
        let ptr0, len0, ptr1, len1, ptr2, len2;
        try {
            ptr0 = passArray32ToWasm0(path, wasm.__wbindgen_malloc);
            len0 = WASM_VECTOR_LEN;
            ptr1 = passArray8ToWasm0(digest, wasm.__wbindgen_malloc);
            len1 = WASM_VECTOR_LEN;
            ptr2 = passArray8ToWasm0(responder_commitments, wasm.__wbindgen_malloc);
            len2 = WASM_VECTOR_LEN;
        } catch (e) {
            if (ptr2) { wasm.__wbindgen_free(ptr2, len2 * 1, 1); }
            if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 1, 1); }
            if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 4, 4); }
            throw e;
        }
        const ret = wasm.initiator_new(share.__wbg_ptr, val4, ptr0, len0, ptr1, len1, val5, ptr2, len2);
        if (ret[2]) {
            throw takeObject(ret[1]);
        }
        this.__wbg_ptr = ret[0];
        InitiatorFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    /**
     * The 64-byte verified signature once it is there.
     * @returns {Uint8Array | undefined}
     */
    outcome() {
        const ret = wasm.initiator_outcome(this.__wbg_ptr);
        if (ret[3]) {
            throw takeObject(ret[2]);
        }
        let v1;
        if (ret[0] !== 0) {
            v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
            wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        }
        return v1;
    }
    /**
     * Takes an authenticated message.
     * @param {number} from
     * @param {number} round
     * @param {Uint8Array} payload
     * @returns {Outgoing[]}
     */
    receive(from, round, payload) {
        const borrow0 = addBorrowedObject(payload);
        try {
            const ret = wasm.initiator_receive(this.__wbg_ptr, from, round, borrow0);
            if (ret[3]) {
                throw takeObject(ret[2]);
            }
            var v2 = getArrayJsValueFromWasm0(ret[0], ret[1]);
            wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
            return v2;
        } finally {
            heap[stack_pointer++] = undefined;
        }
    }
    /**
     * Opens the run.
     * @returns {Outgoing[]}
     */
    start() {
        const ret = wasm.initiator_start(this.__wbg_ptr);
        var v1 = getArrayJsValueFromWasm0(ret[0], ret[1]);
        wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
        return v1;
    }
}
if (Symbol.dispose) Initiator.prototype[Symbol.dispose] = Initiator.prototype.free;

/**
 * A validated share of the three keys.
 */
export class KeyShare {
    static __wrap(ptr) {
        const obj = Object.create(KeyShare.prototype);
        obj.__wbg_ptr = ptr;
        KeyShareFinalization.register(obj, obj.__wbg_ptr, obj);
        return obj;
    }
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        KeyShareFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_keyshare_free(ptr, 0);
    }
    /**
     * Decodes and validates a stored share.
     * @param {Uint8Array} encoded
     * @param {Uint8Array | number[]} public_package
     * @returns {KeyShare}
     */
    static decode(encoded, public_package) {
        const borrow0 = addBorrowedObject(encoded);
        try {
            const ptr1 = passArray8ToWasm0(public_package, wasm.__wbindgen_malloc);
            const len1 = WASM_VECTOR_LEN;
            const ret = wasm.keyshare_decode(borrow0, ptr1, len1);
            if (ret[2]) {
                throw takeObject(ret[1]);
            }
            return KeyShare.__wrap(ret[0]);
        } finally {
            heap[stack_pointer++] = undefined;
        }
    }
    /**
     * The plaintext encoding, to be sealed at once.
     * @returns {Uint8Array}
     */
    encode() {
        const ret = wasm.keyshare_encode(this.__wbg_ptr);
        if (ret[2]) {
            throw takeObject(ret[1]);
        }
        return takeObject(ret[0]);
    }
    /**
     * Whose share it is.
     * @returns {number}
     */
    get party() {
        const ret = wasm.keyshare_party(this.__wbg_ptr);
        return ret;
    }
    /**
     * The public package that it belongs to.
     * @returns {Uint8Array}
     */
    publicPackage() {
        const ret = wasm.keyshare_publicPackage(this.__wbg_ptr);
        var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        return v1;
    }
}
if (Symbol.dispose) KeyShare.prototype[Symbol.dispose] = KeyShare.prototype.free;

/**
 * One party's run of the key generation.
 */
export class Keygen {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        KeygenFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_keygen_free(ptr, 0);
    }
    /**
     * Prepares a run; `context` is 32 bytes that bind the session.
     * @param {number} own
     * @param {Uint16Array | number[]} roster
     * @param {number} threshold
     * @param {Uint8Array | number[]} context
     */
    constructor(own, roster, threshold, context) {
        const val3 = +own;
        const val4 = +threshold;
        let ptr0, len0, ptr1, len1;
        try {
            ptr0 = passArray16ToWasm0(roster, wasm.__wbindgen_malloc);
            len0 = WASM_VECTOR_LEN;
            ptr1 = passArray8ToWasm0(context, wasm.__wbindgen_malloc);
            len1 = WASM_VECTOR_LEN;
        } catch (e) {
            if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 1, 1); }
            if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 2, 2); }
            throw e;
        }
        const ret = wasm.keygen_new(val3, ptr0, len0, val4, ptr1, len1);
        if (ret[2]) {
            throw takeObject(ret[1]);
        }
        this.__wbg_ptr = ret[0];
        KeygenFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    /**
     * The share once it is there.
     * @returns {KeyShare | undefined}
     */
    outcome() {
        const ret = wasm.keygen_outcome(this.__wbg_ptr);
        if (ret[2]) {
            throw takeObject(ret[1]);
        }
        return ret[0] === 0 ? undefined : KeyShare.__wrap(ret[0]);
    }
    /**
     * Takes an authenticated message.
     * @param {number} from
     * @param {number} round
     * @param {Uint8Array} payload
     * @returns {Outgoing[]}
     */
    receive(from, round, payload) {
        const borrow0 = addBorrowedObject(payload);
        try {
            const ret = wasm.keygen_receive(this.__wbg_ptr, from, round, borrow0);
            if (ret[3]) {
                throw takeObject(ret[2]);
            }
            var v2 = getArrayJsValueFromWasm0(ret[0], ret[1]);
            wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
            return v2;
        } finally {
            heap[stack_pointer++] = undefined;
        }
    }
    /**
     * Opens the run.
     * @returns {Outgoing[]}
     */
    start() {
        const ret = wasm.keygen_start(this.__wbg_ptr);
        var v1 = getArrayJsValueFromWasm0(ret[0], ret[1]);
        wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
        return v1;
    }
}
if (Symbol.dispose) Keygen.prototype[Symbol.dispose] = Keygen.prototype.free;

/**
 * Secret nonces of one future signature. There is no way to read or copy them.
 */
export class Nonces {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        NoncesFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_nonces_free(ptr, 0);
    }
    /**
     * The public commitments.
     * @returns {Uint8Array}
     */
    commitments() {
        const ret = wasm.nonces_commitments(this.__wbg_ptr);
        if (ret[3]) {
            throw takeObject(ret[2]);
        }
        var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        return v1;
    }
    /**
     * Draws nonces for a signature under this share.
     * @param {KeyShare} share
     * @param {FrostSuite} suite
     */
    constructor(share, suite) {
        _assertClass(share, KeyShare);
        const ret = wasm.nonces_new(share.__wbg_ptr, suite);
        this.__wbg_ptr = ret;
        NoncesFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
}
if (Symbol.dispose) Nonces.prototype[Symbol.dispose] = Nonces.prototype.free;

/**
 * A message to seal and send.
 */
export class Outgoing {
    static __wrap(ptr) {
        const obj = Object.create(Outgoing.prototype);
        obj.__wbg_ptr = ptr;
        OutgoingFinalization.register(obj, obj.__wbg_ptr, obj);
        return obj;
    }
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        OutgoingFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_outgoing_free(ptr, 0);
    }
    /**
     * The plaintext. Frees the handle.
     * @returns {Uint8Array}
     */
    intoPayload() {
        const ptr = this.__destroy_into_raw();
        const ret = wasm.outgoing_intoPayload(ptr);
        return takeObject(ret);
    }
    /**
     * The round, from 1.
     * @returns {number}
     */
    get round() {
        const ret = wasm.outgoing_round(this.__wbg_ptr);
        return ret;
    }
    /**
     * The receiver, or 0 for all others.
     * @returns {number}
     */
    get to() {
        const ret = wasm.outgoing_to(this.__wbg_ptr);
        return ret;
    }
}
if (Symbol.dispose) Outgoing.prototype[Symbol.dispose] = Outgoing.prototype.free;

/**
 * One party's run for a batch of presignatures.
 */
export class Presign {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        PresignFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_presign_free(ptr, 0);
    }
    /**
     * The ask for a signature with a presignature that is complete only with the other signer's last message.
     * @param {number} index
     * @param {Uint32Array | number[]} path
     * @param {Uint8Array | number[]} digest
     * @returns {Uint8Array}
     */
    askEarly(index, path, digest) {
        const val3 = +index;
        let ptr0, len0, ptr1, len1;
        try {
            ptr0 = passArray32ToWasm0(path, wasm.__wbindgen_malloc);
            len0 = WASM_VECTOR_LEN;
            ptr1 = passArray8ToWasm0(digest, wasm.__wbindgen_malloc);
            len1 = WASM_VECTOR_LEN;
        } catch (e) {
            if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 1, 1); }
            if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 4, 4); }
            throw e;
        }
        const ret = wasm.presign_askEarly(this.__wbg_ptr, val3, ptr0, len0, ptr1, len1);
        if (ret[2]) {
            throw takeObject(ret[1]);
        }
        return takeObject(ret[0]);
    }
    /**
     * Prepares a run; `context` is 32 bytes that bind the session.
     * @param {KeyShare} share
     * @param {Uint16Array | number[]} signers
     * @param {number} count
     * @param {Uint8Array | number[]} context
     */
    constructor(share, signers, count, context) {
        _assertClass(share, KeyShare);
        const val3 = +count;
        let ptr0, len0, ptr1, len1;
        try {
            ptr0 = passArray16ToWasm0(signers, wasm.__wbindgen_malloc);
            len0 = WASM_VECTOR_LEN;
            ptr1 = passArray8ToWasm0(context, wasm.__wbindgen_malloc);
            len1 = WASM_VECTOR_LEN;
        } catch (e) {
            if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 1, 1); }
            if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 2, 2); }
            throw e;
        }
        const ret = wasm.presign_new(share.__wbg_ptr, ptr0, len0, val3, ptr1, len1);
        if (ret[2]) {
            throw takeObject(ret[1]);
        }
        this.__wbg_ptr = ret[0];
        PresignFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    /**
     * The batch once it is there.
     * @returns {Presignature[] | undefined}
     */
    outcome() {
        const ret = wasm.presign_outcome(this.__wbg_ptr);
        if (ret[3]) {
            throw takeObject(ret[2]);
        }
        let v1;
        if (ret[0] !== 0) {
            v1 = getArrayJsValueFromWasm0(ret[0], ret[1]);
            wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
        }
        return v1;
    }
    /**
     * Takes an authenticated message.
     * @param {number} from
     * @param {number} round
     * @param {Uint8Array} payload
     * @returns {Outgoing[]}
     */
    receive(from, round, payload) {
        const borrow0 = addBorrowedObject(payload);
        try {
            const ret = wasm.presign_receive(this.__wbg_ptr, from, round, borrow0);
            if (ret[3]) {
                throw takeObject(ret[2]);
            }
            var v2 = getArrayJsValueFromWasm0(ret[0], ret[1]);
            wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
            return v2;
        } finally {
            heap[stack_pointer++] = undefined;
        }
    }
    /**
     * Opens the run.
     * @returns {Outgoing[]}
     */
    start() {
        const ret = wasm.presign_start(this.__wbg_ptr);
        var v1 = getArrayJsValueFromWasm0(ret[0], ret[1]);
        wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
        return v1;
    }
}
if (Symbol.dispose) Presign.prototype[Symbol.dispose] = Presign.prototype.free;

/**
 * One party's part of one future signature. There is no way to read or copy it.
 */
export class Presignature {
    static __wrap(ptr) {
        const obj = Object.create(Presignature.prototype);
        obj.__wbg_ptr = ptr;
        PresignatureFinalization.register(obj, obj.__wbg_ptr, obj);
        return obj;
    }
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        PresignatureFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_presignature_free(ptr, 0);
    }
    /**
     * 32 bytes, the same for all its signers. Public.
     * @returns {Uint8Array}
     */
    get id() {
        const ret = wasm.presignature_id(this.__wbg_ptr);
        var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        return v1;
    }
}
if (Symbol.dispose) Presignature.prototype[Symbol.dispose] = Presignature.prototype.free;

/**
 * What everyone may know of a wallet.
 */
export class PublicKeys {
    static __wrap(ptr) {
        const obj = Object.create(PublicKeys.prototype);
        obj.__wbg_ptr = ptr;
        PublicKeysFinalization.register(obj, obj.__wbg_ptr, obj);
        return obj;
    }
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        PublicKeysFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_publickeys_free(ptr, 0);
    }
    /**
     * Reads a public package.
     * @param {Uint8Array | number[]} public_package
     * @returns {PublicKeys}
     */
    static decode(public_package) {
        const ptr0 = passArray8ToWasm0(public_package, wasm.__wbindgen_malloc);
        const len0 = WASM_VECTOR_LEN;
        const ret = wasm.publickeys_decode(ptr0, len0);
        if (ret[2]) {
            throw takeObject(ret[1]);
        }
        return PublicKeys.__wrap(ret[0]);
    }
    /**
     * Chain code of the ECDSA key, 32 bytes.
     * @returns {Uint8Array}
     */
    get ecdsaChainCode() {
        const ret = wasm.publickeys_ecdsaChainCode(this.__wbg_ptr);
        var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        return v1;
    }
    /**
     * Compressed SEC1, 33 bytes.
     * @returns {Uint8Array}
     */
    get ecdsa() {
        const ret = wasm.publickeys_ecdsa(this.__wbg_ptr);
        var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        return v1;
    }
    /**
     * RFC 8032, 32 bytes.
     * @returns {Uint8Array}
     */
    get ed25519() {
        const ret = wasm.publickeys_ed25519(this.__wbg_ptr);
        var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        return v1;
    }
    /**
     * The parties, ascending.
     * @returns {Uint16Array}
     */
    get roster() {
        const ret = wasm.publickeys_roster(this.__wbg_ptr);
        var v1 = getArrayU16FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 2, 2);
        return v1;
    }
    /**
     * Chain code of the BIP340 internal key, 32 bytes.
     * @returns {Uint8Array}
     */
    get taprootChainCode() {
        const ret = wasm.publickeys_taprootChainCode(this.__wbg_ptr);
        var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        return v1;
    }
    /**
     * Compressed SEC1 internal key, 33 bytes.
     * @returns {Uint8Array}
     */
    get taproot() {
        const ret = wasm.publickeys_taproot(this.__wbg_ptr);
        var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        return v1;
    }
    /**
     * How many parties a signature needs.
     * @returns {number}
     */
    get threshold() {
        const ret = wasm.publickeys_threshold(this.__wbg_ptr);
        return ret;
    }
}
if (Symbol.dispose) PublicKeys.prototype[Symbol.dispose] = PublicKeys.prototype.free;

/**
 * One run of the party that helps.
 */
export class Responder {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        ResponderFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_responder_free(ptr, 0);
    }
    /**
     * Takes the nonces: their handle is dead afterwards, whatever happens.
     * @param {KeyShare} share
     * @param {Nonces} nonces
     * @param {Uint32Array | number[]} path
     * @param {Uint8Array | number[]} digest
     * @param {number} initiator
     */
    constructor(share, nonces, path, digest, initiator) {
        _assertClass(share, KeyShare);
        const val4 = +initiator;
        let ptr0, ptr1, len1, ptr2, len2;
        try {
            _assertClass(nonces, Nonces);
            ptr0 = nonces.__destroy_into_raw();
            ptr1 = passArray32ToWasm0(path, wasm.__wbindgen_malloc);
            len1 = WASM_VECTOR_LEN;
            ptr2 = passArray8ToWasm0(digest, wasm.__wbindgen_malloc);
            len2 = WASM_VECTOR_LEN;
        } catch (e) {
            if (ptr2) { wasm.__wbindgen_free(ptr2, len2 * 1, 1); }
            if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 4, 4); }
            if (ptr0) wasm.__wbg_nonces_free(ptr0, 1);
            throw e;
        }
        const ret = wasm.responder_new(share.__wbg_ptr, ptr0, ptr1, len1, ptr2, len2, val4);
        if (ret[2]) {
            throw takeObject(ret[1]);
        }
        this.__wbg_ptr = ret[0];
        ResponderFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    /**
     * Whether the share was handed out.
     * @returns {boolean}
     */
    outcome() {
        const ret = wasm.responder_outcome(this.__wbg_ptr);
        if (ret[2]) {
            throw takeObject(ret[1]);
        }
        return ret[0] !== 0;
    }
    /**
     * Takes an authenticated message.
     * @param {number} from
     * @param {number} round
     * @param {Uint8Array} payload
     * @returns {Outgoing[]}
     */
    receive(from, round, payload) {
        const borrow0 = addBorrowedObject(payload);
        try {
            const ret = wasm.responder_receive(this.__wbg_ptr, from, round, borrow0);
            if (ret[3]) {
                throw takeObject(ret[2]);
            }
            var v2 = getArrayJsValueFromWasm0(ret[0], ret[1]);
            wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
            return v2;
        } finally {
            heap[stack_pointer++] = undefined;
        }
    }
    /**
     * Opens the run; the responder has nothing to say yet.
     * @returns {Outgoing[]}
     */
    start() {
        const ret = wasm.responder_start(this.__wbg_ptr);
        var v1 = getArrayJsValueFromWasm0(ret[0], ret[1]);
        wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
        return v1;
    }
}
if (Symbol.dispose) Responder.prototype[Symbol.dispose] = Responder.prototype.free;
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg___wbindgen_is_function_741ff2bb612836f5: function(arg0) {
            const ret = typeof(getObject(arg0)) === 'function';
            return ret;
        },
        __wbg___wbindgen_is_object_8b968c3ab8e96595: function(arg0) {
            const val = getObject(arg0);
            const ret = typeof(val) === 'object' && val !== null;
            return ret;
        },
        __wbg___wbindgen_is_string_fc456fee5d3317de: function(arg0) {
            const ret = typeof(getObject(arg0)) === 'string';
            return ret;
        },
        __wbg___wbindgen_is_undefined_be5b34249ff1fc15: function(arg0) {
            const ret = getObject(arg0) === undefined;
            return ret;
        },
        __wbg___wbindgen_throw_4c88d8bf264fd984: function(arg0, arg1) {
            throw new Error(getStringFromWasm0(arg0, arg1));
        },
        __wbg_call_a410eb4b59ed5965: function() { return handleError(function (arg0, arg1, arg2) {
            const ret = getObject(arg0).call(getObject(arg1), getObject(arg2));
            return addHeapObject(ret);
        }, arguments); },
        __wbg_crypto_23f565a907d30078: function(arg0) {
            const ret = getObject(arg0).crypto;
            return addHeapObject(ret);
        },
        __wbg_engineerror_new: function(arg0) {
            const ret = EngineError.__wrap(arg0);
            return addHeapObject(ret);
        },
        __wbg_getRandomValues_d2908e0b99612b91: function() { return handleError(function (arg0, arg1) {
            getObject(arg0).getRandomValues(getObject(arg1));
        }, arguments); },
        __wbg_length_186163212ffe79c3: function(arg0) {
            const ret = getObject(arg0).length;
            return ret;
        },
        __wbg_msCrypto_d5f06fad6bf1409b: function(arg0) {
            const ret = getObject(arg0).msCrypto;
            return addHeapObject(ret);
        },
        __wbg_new_from_slice_b8daf545a41c6aa0: function(arg0, arg1) {
            const ret = new Uint8Array(getArrayU8FromWasm0(arg0, arg1));
            return addHeapObject(ret);
        },
        __wbg_new_with_length_01b143a7e5dd5a3e: function(arg0) {
            const ret = new Uint8Array(arg0 >>> 0);
            return addHeapObject(ret);
        },
        __wbg_node_86166ff8ce1f2002: function(arg0) {
            const ret = getObject(arg0).node;
            return addHeapObject(ret);
        },
        __wbg_outgoing_new: function(arg0) {
            const ret = Outgoing.__wrap(arg0);
            return addHeapObject(ret);
        },
        __wbg_presignature_new: function(arg0) {
            const ret = Presignature.__wrap(arg0);
            return addHeapObject(ret);
        },
        __wbg_process_91f425a63f58e399: function(arg0) {
            const ret = getObject(arg0).process;
            return addHeapObject(ret);
        },
        __wbg_prototypesetcall_13162965d1fe7aa3: function(arg0, arg1, arg2) {
            Uint8Array.prototype.set.call(getArrayU8FromWasm0(arg0, arg1), getObject(arg2));
        },
        __wbg_randomFillSync_34b023059e3363de: function() { return handleError(function (arg0, arg1) {
            getObject(arg0).randomFillSync(takeObject(arg1));
        }, arguments); },
        __wbg_require_9a7d8cc2e1d275c0: function() { return handleError(function () {
            const ret = module.require;
            return addHeapObject(ret);
        }, arguments); },
        __wbg_static_accessor_GLOBAL_THIS_003ee833af9699fc: function() {
            const ret = typeof globalThis === 'undefined' ? undefined : globalThis;
            return isLikeNone(ret) ? 0 : addHeapObject(ret);
        },
        __wbg_static_accessor_GLOBAL_e4293fb22cbe77da: function() {
            const ret = typeof global === 'undefined' ? undefined : global;
            return isLikeNone(ret) ? 0 : addHeapObject(ret);
        },
        __wbg_static_accessor_SELF_53bb20457401453d: function() {
            const ret = typeof self === 'undefined' ? undefined : self;
            return isLikeNone(ret) ? 0 : addHeapObject(ret);
        },
        __wbg_static_accessor_WINDOW_b5e0810bfecb7feb: function() {
            const ret = typeof window === 'undefined' ? undefined : window;
            return isLikeNone(ret) ? 0 : addHeapObject(ret);
        },
        __wbg_subarray_58f388a9247ac0bb: function(arg0, arg1, arg2) {
            const ret = getObject(arg0).subarray(arg1 >>> 0, arg2 >>> 0);
            return addHeapObject(ret);
        },
        __wbg_versions_6e128a981b0df859: function(arg0) {
            const ret = getObject(arg0).versions;
            return addHeapObject(ret);
        },
        __wbindgen_generic_0000000000000001: function(arg0, arg1) {
            // Cast intrinsic for `Ref(Slice(U8)) -> NamedExternref("Uint8Array")`.
            const ret = getArrayU8FromWasm0(arg0, arg1);
            return addHeapObject(ret);
        },
        __wbindgen_generic_0000000000000002: function(arg0, arg1) {
            // Cast intrinsic for `Ref(String) -> Externref`.
            const ret = getStringFromWasm0(arg0, arg1);
            return addHeapObject(ret);
        },
        __wbindgen_object_clone_ref: function(arg0) {
            const ret = getObject(arg0);
            return addHeapObject(ret);
        },
        __wbindgen_object_drop_ref: function(arg0) {
            takeObject(arg0);
        },
    };
    return {
        __proto__: null,
        "./trefoil_bg.js": import0,
    };
}

const DerivedKeyFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_derivedkey_free(ptr, 1));
const EcdsaInitiatorFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_ecdsainitiator_free(ptr, 1));
const EcdsaResponderFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_ecdsaresponder_free(ptr, 1));
const EngineErrorFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_engineerror_free(ptr, 1));
const InitiatorFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_initiator_free(ptr, 1));
const KeyShareFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_keyshare_free(ptr, 1));
const KeygenFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_keygen_free(ptr, 1));
const NoncesFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_nonces_free(ptr, 1));
const OutgoingFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_outgoing_free(ptr, 1));
const PresignFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_presign_free(ptr, 1));
const PresignatureFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_presignature_free(ptr, 1));
const PublicKeysFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_publickeys_free(ptr, 1));
const ResponderFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_responder_free(ptr, 1));

function addHeapObject(obj) {
    if (heap_next === heap.length) heap.push(heap.length + 1);
    const idx = heap_next;
    heap_next = heap[idx];

    heap[idx] = obj;
    return idx;
}

function _assertClass(instance, klass) {
    if (!(instance instanceof klass)) {
        throw new Error(`expected instance of ${klass.name}`);
    }
}

function addBorrowedObject(obj) {
    if (stack_pointer == 1) throw new Error('out of js stack');
    heap[--stack_pointer] = obj;
    return stack_pointer;
}

function dropObject(idx) {
    if (idx < 1028) return;
    heap[idx] = heap_next;
    heap_next = idx;
}

function getArrayJsValueFromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    const mem = getDataViewMemory0();
    const result = [];
    for (let i = ptr; i < ptr + 4 * len; i += 4) {
        result.push(takeObject(mem.getUint32(i, true)));
    }
    return result;
}

function getArrayU16FromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return getUint16ArrayMemory0().subarray(ptr / 2, ptr / 2 + len);
}

function getArrayU8FromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return getUint8ArrayMemory0().subarray(ptr / 1, ptr / 1 + len);
}

let cachedDataViewMemory0 = null;
function getDataViewMemory0() {
    if (cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || (cachedDataViewMemory0.buffer.detached === undefined && cachedDataViewMemory0.buffer !== wasm.memory.buffer)) {
        cachedDataViewMemory0 = new DataView(wasm.memory.buffer);
    }
    return cachedDataViewMemory0;
}

function getStringFromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}

let cachedUint16ArrayMemory0 = null;
function getUint16ArrayMemory0() {
    if (cachedUint16ArrayMemory0 === null || cachedUint16ArrayMemory0.byteLength === 0) {
        cachedUint16ArrayMemory0 = new Uint16Array(wasm.memory.buffer);
    }
    return cachedUint16ArrayMemory0;
}

let cachedUint32ArrayMemory0 = null;
function getUint32ArrayMemory0() {
    if (cachedUint32ArrayMemory0 === null || cachedUint32ArrayMemory0.byteLength === 0) {
        cachedUint32ArrayMemory0 = new Uint32Array(wasm.memory.buffer);
    }
    return cachedUint32ArrayMemory0;
}

let cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
    if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) {
        cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);
    }
    return cachedUint8ArrayMemory0;
}

function getObject(idx) { return heap[idx]; }

function handleError(f, args) {
    try {
        return f.apply(this, args);
    } catch (e) {
        wasm.__wbindgen_exn_store(addHeapObject(e));
    }
}

let heap = new Array(1024).fill(undefined);
heap.push(undefined, null, true, false);

let heap_next = heap.length;

function isLikeNone(x) {
    return x === undefined || x === null;
}

function passArray16ToWasm0(arg, malloc) {
    const ptr = malloc(arg.length * 2, 2) >>> 0;
    getUint16ArrayMemory0().set(arg, ptr / 2);
    WASM_VECTOR_LEN = arg.length;
    return ptr;
}

function passArray32ToWasm0(arg, malloc) {
    const ptr = malloc(arg.length * 4, 4) >>> 0;
    getUint32ArrayMemory0().set(arg, ptr / 4);
    WASM_VECTOR_LEN = arg.length;
    return ptr;
}

function passArray8ToWasm0(arg, malloc) {
    const ptr = malloc(arg.length * 1, 1) >>> 0;
    getUint8ArrayMemory0().set(arg, ptr / 1);
    WASM_VECTOR_LEN = arg.length;
    return ptr;
}

let stack_pointer = 1024;

function takeObject(idx) {
    const ret = getObject(idx);
    dropObject(idx);
    return ret;
}

let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
cachedTextDecoder.decode();
const MAX_SAFARI_DECODE_BYTES = 2146435072;
let numBytesDecoded = 0;
function decodeText(bytes) {
    numBytesDecoded += bytes.length;
    if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
        cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
        cachedTextDecoder.decode();
        numBytesDecoded = bytes.length;
    }
    return cachedTextDecoder.decode(bytes);
}

let WASM_VECTOR_LEN = 0;

let wasmModule, wasmInstance, wasm;
function __wbg_finalize_init(instance, module) {
    wasmInstance = instance;
    wasm = instance.exports;
    wasmModule = module;
    cachedDataViewMemory0 = null;
    cachedUint16ArrayMemory0 = null;
    cachedUint32ArrayMemory0 = null;
    cachedUint8ArrayMemory0 = null;
    return wasm;
}

async function __wbg_load(module, imports) {
    if (typeof Response === 'function' && module instanceof Response) {
        if (!module.ok) {
            throw new Error(`failed to fetch Wasm: ${module.status} ${module.statusText} fetching '${module.url}'`);
        }

        if (typeof WebAssembly.instantiateStreaming === 'function') {
            try {
                return await WebAssembly.instantiateStreaming(module, imports);
            } catch (e) {
                const validResponse = expectedResponseType(module.type);

                if (validResponse && module.headers.get('Content-Type') !== 'application/wasm') {
                    console.warn("`WebAssembly.instantiateStreaming` failed because your server does not serve Wasm with `application/wasm` MIME type. Falling back to `WebAssembly.instantiate` which is slower. Original error:\n", e);

                } else { throw e; }
            }
        }

        const bytes = await module.arrayBuffer();
        return await WebAssembly.instantiate(bytes, imports);
    } else {
        const instance = await WebAssembly.instantiate(module, imports);

        if (instance instanceof WebAssembly.Instance) {
            return { instance, module };
        } else {
            return instance;
        }
    }

    function expectedResponseType(type) {
        switch (type) {
            case 'basic': case 'cors': case 'default': return true;
        }
        return false;
    }
}

function initSync(module) {
    if (wasm !== undefined) return wasm;


    if (module !== undefined) {
        if (Object.getPrototypeOf(module) === Object.prototype) {
            ({module} = module)
        } else {
            console.warn('using deprecated parameters for `initSync()`; pass a single object instead')
        }
    }

    const imports = __wbg_get_imports();
    if (!(module instanceof WebAssembly.Module)) {
        module = new WebAssembly.Module(module);
    }
    const instance = new WebAssembly.Instance(module, imports);
    return __wbg_finalize_init(instance, module);
}

let __wbg_init_promise;
async function __wbg_init(module_or_path) {
    if (wasm !== undefined) return wasm;
    if (__wbg_init_promise === undefined) {
        __wbg_init_promise = __wbg_init_once(module_or_path);
        __wbg_init_promise.catch(() => { __wbg_init_promise = undefined; });
    }
    return __wbg_init_promise;
}

async function __wbg_init_once(module_or_path) {

    if (module_or_path !== undefined) {
        if (Object.getPrototypeOf(module_or_path) === Object.prototype) {
            ({module_or_path} = module_or_path)
        } else {
            console.warn('using deprecated parameters for the initialization function; pass a single object instead')
        }
    }


    const imports = __wbg_get_imports();

    if (typeof module_or_path === 'string' || (typeof Request === 'function' && module_or_path instanceof Request) || (typeof URL === 'function' && module_or_path instanceof URL)) {
        module_or_path = fetch(module_or_path);
    }

    const { instance, module } = await __wbg_load(await module_or_path, imports);

    return __wbg_finalize_init(instance, module);
}

export { initSync, __wbg_init as default };
