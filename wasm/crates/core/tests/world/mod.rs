//! A world of honest parties that deliver each other's messages, round by round, with a seeded random source.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod attack;
pub mod batch;
pub mod blocks;
pub mod dealt;
pub mod tamper;

use std::collections::BTreeMap;

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{CryptoRng, Error, RngCore, SeedableRng};
use trefoil_core::derive::Path;
use trefoil_core::error::EngineError;
use trefoil_core::frost::commit::Nonces;
use trefoil_core::frost::initiate::Initiator;
use trefoil_core::frost::respond::Responder;
use trefoil_core::frost::{SigningSuite, VerifiedSignature};
use trefoil_core::keygen::Keygen;
use trefoil_core::machine::{Machine, Outcome, Outgoing, Recipient};
use trefoil_core::party::PartyId;
use trefoil_core::roster::Roster;
use trefoil_core::share::KeyShare;

pub const CONTEXT: [u8; 32] = [0x5a; 32];

pub fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

pub fn party(id: u16) -> PartyId {
    PartyId::new(id).unwrap()
}

pub fn parties(ids: &[u16]) -> Vec<PartyId> {
    ids.iter().map(|id| party(*id)).collect()
}

/// Random bytes that a test prescribes.
pub struct Prescribed(pub Vec<u8>);

impl RngCore for Prescribed {
    fn next_u32(&mut self) -> u32 {
        panic!("only bytes are prescribed")
    }
    fn next_u64(&mut self) -> u64 {
        panic!("only bytes are prescribed")
    }
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        let rest = self.0.split_off(bytes.len());
        bytes.copy_from_slice(&self.0);
        self.0 = rest;
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Prescribed {}

/// A message on its way.
#[derive(Clone)]
pub struct Sent {
    pub from: PartyId,
    pub to: PartyId,
    pub round: u16,
    pub payload: Vec<u8>,
}

/// Runs of one session, by party.
pub struct Session<M: Machine> {
    pub parties: Vec<PartyId>,
    pub runs: BTreeMap<PartyId, M>,
}

impl<M: Machine> Session<M> {
    /// One message for each receiver.
    pub fn addressed(&self, from: PartyId, messages: Vec<Outgoing>) -> Vec<Sent> {
        let mut sent = Vec::new();
        for message in messages {
            let receivers: Vec<PartyId> = match message.to {
                Recipient::One(to) => vec![to],
                Recipient::All => self.parties.iter().copied().filter(|to| *to != from).collect(),
            };
            for to in receivers {
                sent.push(Sent { from, to, round: message.round, payload: message.payload.to_vec() });
            }
        }
        sent
    }

    pub fn start(&mut self) -> Vec<Sent> {
        let opened: Vec<(PartyId, Vec<Outgoing>)> =
            self.runs.iter_mut().map(|(party, run)| (*party, run.start())).collect();
        opened.into_iter().flat_map(|(party, messages)| self.addressed(party, messages)).collect()
    }

    pub fn deliver(&mut self, sent: &Sent) -> Vec<Sent> {
        let messages = self.runs.get_mut(&sent.to).unwrap().receive(sent.from, sent.round, &sent.payload);
        self.addressed(sent.to, messages)
    }

    /// Delivers whole rounds, each message through `tamper`, until nobody says anything more.
    pub fn run(&mut self, mut tamper: impl FnMut(&mut Sent)) {
        let mut round = self.start();
        while !round.is_empty() {
            let mut next = Vec::new();
            for mut sent in round {
                tamper(&mut sent);
                next.extend(self.deliver(&sent));
            }
            round = next;
        }
    }

    pub fn abort_of(&mut self, id: u16) -> Option<EngineError> {
        match self.runs.get_mut(&party(id)).unwrap().outcome() {
            Outcome::Aborted(error) => Some(error),
            _ => None,
        }
    }
}

pub fn keygen_session(ids: &[u16], threshold: u16, context: [u8; 32], seed: u64) -> Session<Keygen> {
    let mut random = rng(seed);
    let runs = ids
        .iter()
        .map(|id| {
            let roster = Roster::new(parties(ids), threshold).unwrap();
            (party(*id), Keygen::new(party(*id), roster, context, &mut random).unwrap())
        })
        .collect();
    Session { parties: parties(ids), runs }
}

pub fn shares(ids: &[u16], threshold: u16, seed: u64) -> BTreeMap<PartyId, KeyShare> {
    let mut session = keygen_session(ids, threshold, CONTEXT, seed);
    session.run(|_| {});
    session
        .runs
        .into_iter()
        .map(|(party, mut run)| match run.outcome() {
            Outcome::Done(share) => (party, share),
            other => panic!("{party:?} ended in {other:?}", other = error_of(other)),
        })
        .collect()
}

pub fn error_of<T>(outcome: Outcome<T>) -> Option<EngineError> {
    match outcome {
        Outcome::Aborted(error) => Some(error),
        _ => None,
    }
}

/// The path of the master key.
pub fn master() -> Path {
    Path::new(&[]).unwrap()
}

/// One honest signature of the master key.
pub fn sign<S: SigningSuite>(
    initiator: &KeyShare,
    responder: &KeyShare,
    digest: &[u8],
    seed: u64,
) -> Result<VerifiedSignature, EngineError> {
    sign_child::<S>(initiator, responder, &master(), digest, seed)
}

/// One honest signature.
pub fn sign_child<S: SigningSuite>(
    initiator: &KeyShare,
    responder: &KeyShare,
    path: &Path,
    digest: &[u8],
    seed: u64,
) -> Result<VerifiedSignature, EngineError> {
    let mut random = rng(seed);
    let nonces = Nonces::<S>::new(responder, &mut random);
    let commitments = nonces.commitments()?;
    let mut asking = Initiator::<S>::new(initiator, path, digest, responder.party(), &commitments, &mut random)?;
    let mut helping = Responder::<S>::new(responder, nonces, path, digest, initiator.party())?;
    helping.start();
    let request = asking.start().remove(0);
    let answer = helping.receive(initiator.party(), request.round, &request.payload).remove(0);
    asking.receive(responder.party(), answer.round, &answer.payload);
    match asking.outcome() {
        Outcome::Done(signature) => Ok(signature),
        Outcome::Aborted(error) => Err(error),
        Outcome::Pending => panic!("the run is still pending"),
    }
}
