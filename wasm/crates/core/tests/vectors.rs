//! Published vectors, through the machines where the published values can be fed to them.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use frost_core::{Ciphersuite, VerifyingKey};
use frost_ed25519::Ed25519Sha512;
use frost_secp256k1::Secp256K1Sha256;
use frost_secp256k1_tr::Secp256K1Sha256TR;
use serde_json::Value;
use trefoil_core::frost::VerifiedSignature;
use trefoil_core::frost::commit::Nonces;
use trefoil_core::frost::initiate::Initiator;
use trefoil_core::frost::respond::Responder;
use trefoil_core::keygen::{Keygen, round1, round2};
use trefoil_core::machine::{Machine, Outcome};
use trefoil_core::public_package::PublicPackage;
use trefoil_core::roster::Roster;
use trefoil_core::suites::{Ed25519, Taproot};
use world::dealt::{deal, given, wallet};
use world::{CONTEXT, Prescribed, master, parties, party, sign};

const SECRET: [u8; 32] = [5; 32];

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn ed25519() -> Value {
    json(include_str!("vectors/ed25519.json"))
}

fn taproot() -> Value {
    json(include_str!("vectors/secp256k1-tr.json"))
}

fn secp256k1() -> Value {
    json(include_str!("vectors/secp256k1.json"))
}

fn given_shares<C: Ciphersuite>(vector: &Value) -> world::dealt::Dealt {
    let inputs = &vector["signing"]["inputs"];
    let shares: Vec<Vec<u8>> = (0..3).map(|i| bytes(&inputs["participant_shares"][i]["participant_share"])).collect();
    given::<C>(&bytes(&inputs["verifying_key_key"]), &shares)
}

/// The prescribed randomness and the commitments of the n-th signer.
fn prescribed(vector: &Value, signer: usize) -> (Prescribed, Vec<u8>) {
    let output = &vector["signing"]["round_one_outputs"]["outputs"][signer];
    let randomness = [bytes(&output["hiding_nonce_randomness"]), bytes(&output["binding_nonce_randomness"])].concat();
    let commitments = [bytes(&output["hiding_nonce_commitment"]), bytes(&output["binding_nonce_commitment"])].concat();
    (Prescribed(randomness), commitments)
}

#[test]
fn rfc9591_ed25519_signs_through_the_machines() {
    let vector = ed25519();
    let shares = wallet(
        &deal::<Secp256K1Sha256>(&SECRET),
        &deal::<Secp256K1Sha256TR>(&SECRET),
        &given_shares::<Ed25519Sha512>(&vector),
    );
    let message = bytes(&vector["signing"]["inputs"]["message"]);
    let (mut random, commitments) = prescribed(&vector, 1);
    let nonces = Nonces::<Ed25519>::new(&shares[&3], &mut random);
    let offered = nonces.commitments().unwrap();
    assert_eq!(offered[3..], commitments);

    let (mut random, commitments) = prescribed(&vector, 0);
    let mut asking =
        Initiator::<Ed25519>::new(&shares[&1], &master(), &message, party(3), &offered, &mut random).unwrap();
    let mut helping = Responder::new(&shares[&3], nonces, &master(), &message, party(1)).unwrap();
    helping.start();
    let request = asking.start().remove(0);
    assert_eq!(request.payload[3..], commitments);
    let answer = helping.receive(party(1), 1, &request.payload).remove(0);
    assert_eq!(answer.payload[3..], bytes(&vector["signing"]["round_two_outputs"]["outputs"][1]["sig_share"]));
    asking.receive(party(3), 1, &answer.payload);
    let Outcome::Done(signature) = asking.outcome() else { panic!("no signature") };
    assert_eq!(signature.to_bytes().to_vec(), bytes(&vector["signing"]["final_output"]["sig"]));
}

#[test]
fn frost_secp256k1_tr_draws_the_published_nonces() {
    let vector = taproot();
    let shares = wallet(
        &deal::<Secp256K1Sha256>(&SECRET),
        &given_shares::<Secp256K1Sha256TR>(&vector),
        &deal::<Ed25519Sha512>(&SECRET),
    );
    for (signer, id) in [(0, 1), (1, 3)] {
        let (mut random, commitments) = prescribed(&vector, signer);
        let nonces = Nonces::<Taproot>::new(&shares[&id], &mut random);
        assert_eq!(nonces.commitments().unwrap()[3..], commitments);
    }
}

/// The random source of party 1: secret, coefficient and a proof nonce for each key.
fn dealing_randomness(vectors: [&Value; 3]) -> Prescribed {
    let wide = |bytes: Vec<u8>| [bytes, vec![0; 32]].concat();
    let mut random = Vec::new();
    for (vector, is_wide) in vectors.into_iter().zip([false, false, true]) {
        let own = &vector["keygen"]["inputs"]["1"];
        for scalar in [bytes(&own["signing_key"]), bytes(&own["coefficient"]), vec![7; 32]] {
            random.extend(if is_wide { wide(scalar) } else { scalar });
        }
    }
    Prescribed(random)
}

#[test]
fn published_key_generation_of_all_three_suites() {
    let (ecdsa, taproot, ed25519) = (secp256k1(), taproot(), ed25519());
    let vectors = [&ecdsa, &taproot, &ed25519];
    let roster = Roster::new(parties(&[1, 2, 3]), 2).unwrap();
    let mut run = Keygen::new(party(1), roster, CONTEXT, &mut dealing_randomness(vectors)).unwrap();
    run.start();

    let mut sent = Vec::new();
    for from in ["2", "3"] {
        let mut message = round1::layout(2).writer();
        for vector in vectors {
            let theirs = &vector["keygen"]["inputs"][from];
            message = message
                .put(bytes(&theirs["vss_commitments"][0]))
                .put(bytes(&theirs["vss_commitments"][1]))
                .put(bytes(&theirs["proof_of_knowledge"]));
        }
        sent = run.receive(party(from.parse().unwrap()), 1, &message.finish().unwrap());
    }
    // The vectors list the values that a party receives, by sender.
    for (message, to) in sent.iter().zip(["2", "3"]) {
        let expected: Vec<u8> =
            vectors.iter().flat_map(|vector| bytes(&vector["keygen"]["inputs"][to]["signing_shares"]["1"])).collect();
        assert_eq!(message.payload[3..], expected);
    }
    for from in ["2", "3"] {
        let mut message = round2::layout().writer();
        for vector in vectors {
            message = message.put(bytes(&vector["keygen"]["inputs"]["1"]["signing_shares"][from]));
        }
        sent = run.receive(party(from.parse().unwrap()), 2, &message.finish().unwrap());
    }
    let echo = sent.remove(0).payload;
    run.receive(party(2), 3, &echo);
    run.receive(party(3), 3, &echo);
    let Outcome::Done(share) = run.outcome() else { panic!("no share") };

    let encoded = share.encode().unwrap();
    let expected: Vec<u8> =
        vectors.iter().flat_map(|vector| bytes(&vector["keygen"]["inputs"]["1"]["signing_share"])).collect();
    assert_eq!(encoded[37..], expected);
    let keys = share.public_package().key_bytes().unwrap();
    for (key, vector) in [keys.ecdsa, keys.taproot, keys.ed25519].iter().zip(vectors) {
        assert_eq!(*key, bytes(&vector["keygen"]["inputs"]["verifying_key"]));
    }
}

#[test]
fn bip340_verification() {
    let mut verified = 0;
    for line in include_str!("vectors/bip340.csv").lines().skip(1) {
        let columns: Vec<&str> = line.splitn(8, ',').collect();
        let key = [vec![2], hex::decode(columns[2]).unwrap()].concat();
        let (message, signature) = (hex::decode(columns[4]).unwrap(), hex::decode(columns[5]).unwrap());
        let accepted = VerifyingKey::deserialize(&key)
            .is_ok_and(|key| VerifiedSignature::verify::<Taproot>(&signature, &message, &key).is_ok());
        assert_eq!(accepted, columns[6] == "TRUE", "vector {}: {}", columns[0], columns[7]);
        verified += 1;
    }
    assert_eq!(verified, 19);
}

#[test]
fn bip341_key_path_output_key_and_signature() {
    let vector = json(include_str!("vectors/bip341.json"));
    let mut signed = 0;
    for input in vector["keyPathSpending"][0]["inputSpending"].as_array().unwrap() {
        if !input["given"]["merkleRoot"].is_null() {
            continue;
        }
        let shares = wallet(
            &deal::<Secp256K1Sha256>(&SECRET),
            &deal::<Secp256K1Sha256TR>(&bytes(&input["given"]["internalPrivkey"])),
            &deal::<Ed25519Sha512>(&SECRET),
        );
        let internal = bytes(&input["intermediary"]["internalPubkey"]);
        assert_eq!(shares[&1].public_package().key_bytes().unwrap().taproot[1..], internal);
        let tweaked = vector["scriptPubKey"]
            .as_array()
            .unwrap()
            .iter()
            .find(|output| bytes(&output["given"]["internalPubkey"]) == internal)
            .map(|output| bytes(&output["intermediary"]["tweakedPubkey"]))
            .unwrap();
        let output_key = VerifyingKey::deserialize(&[vec![2], tweaked].concat()).unwrap();
        let sighash = bytes(&input["intermediary"]["sigHash"]);
        let signature = sign::<Taproot>(&shares[&1], &shares[&3], &sighash, 3).unwrap().to_bytes();
        assert!(VerifiedSignature::verify::<Taproot>(&signature, &sighash, &output_key).is_ok());
        signed += 1;
    }
    assert!(signed > 0);
}

#[test]
fn snapshots_decode_for_ever() {
    let snapshots = json(include_str!("vectors/snapshots.json"));
    let mut session = world::keygen_session(&[1, 2, 3], 2, CONTEXT, 2026);
    let mut actual = serde_json::Map::new();
    session.run(|sent| {
        if sent.from == party(1) && sent.to == party(2) {
            actual.insert(format!("keygen.round{}", sent.round), hex::encode(&sent.payload).into());
        }
    });
    let shares = world::shares(&[1, 2, 3], 2, 2026);
    let (first, second) = (&shares[&party(1)], &shares[&party(2)]);
    actual.insert("public-package".into(), hex::encode(first.public_package().encoded()).into());
    actual.insert("share".into(), hex::encode(first.encode().unwrap().as_slice()).into());
    let taproot = Nonces::<Taproot>::new(second, &mut world::rng(1)).commitments().unwrap();
    let ed25519 = Nonces::<Ed25519>::new(second, &mut world::rng(1)).commitments().unwrap();
    actual.insert("taproot.commitments".into(), hex::encode(taproot.as_slice()).into());
    actual.insert("ed25519.commitments".into(), hex::encode(ed25519.as_slice()).into());
    assert_eq!(Value::Object(actual), snapshots);

    let package = bytes(&snapshots["public-package"]);
    assert_eq!(PublicPackage::decode(&package).unwrap().encoded(), package);
    let share = trefoil_core::share::KeyShare::decode(&bytes(&snapshots["share"]), &package).unwrap();
    assert_eq!(share.encode().unwrap().to_vec(), bytes(&snapshots["share"]));
    assert!(share.encode().unwrap().len() < 1_000);
}
