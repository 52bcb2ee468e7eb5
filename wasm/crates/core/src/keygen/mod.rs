//! Dealerless key generation of a wallet's three master keys in one ceremony (Pedersen's DKG with proofs of knowledge,
//! as in the FROST paper, eprint 2020/852 figure 1, and an echo round).

pub mod echo;
pub mod round1;
pub mod round2;

use std::collections::{BTreeMap, BTreeSet};

use frost_core::{Ciphersuite, Identifier};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::error::EngineError;
use crate::machine::{Machine, Outcome, Outgoing, Recipient};
use crate::party::PartyId;
use crate::per_party::PerParty;
use crate::public_package::{HASH_BYTES, PublicPackage};
use crate::roster::Roster;
use crate::run::{self, Next, Run, expect};
use crate::share::KeyShare;
use crate::suites::PerKey;

use echo::CONTEXT_BYTES;

/// One party's run of the ceremony.
pub struct Keygen {
    ceremony: Ceremony,
    run: Run<Box<round1::Dealings>, State, Box<KeyShare>>,
}

/// What stays the same for the whole run.
struct Ceremony {
    party: PartyId,
    roster: Roster,
    context: [u8; CONTEXT_BYTES],
}

/// Round-1 messages as sent, by sender, this party's own included.
type Transcript = PerParty<Zeroizing<Vec<u8>>>;

/// What the run holds while it waits for the messages of a round.
enum State {
    Round1 { dealings: Box<round1::Dealings>, sent: Transcript, received: PerParty<round1::Commitments> },
    Round2 { sharings: Box<round2::Sharings>, sent: Transcript, received: PerParty<round2::Shares> },
    Echo { share: Box<KeyShare>, hash: [u8; HASH_BYTES], received: BTreeSet<PartyId> },
}

type Step = run::Step<State, Box<KeyShare>>;

impl Keygen {
    /// Prepares a run. `context` binds the session: every party must pass the same 32 bytes.
    pub fn new<R: RngCore + CryptoRng>(
        party: PartyId,
        roster: Roster,
        context: [u8; CONTEXT_BYTES],
        rng: &mut R,
    ) -> Result<Self, EngineError> {
        if !roster.contains(party) {
            return Err(EngineError::misuse("this party is not in the roster"));
        }
        let dealings = Box::new(round1::deal(party, &roster, rng)?);
        Ok(Self { ceremony: Ceremony { party, roster, context }, run: Run::new(dealings) })
    }
}

impl Ceremony {
    fn open(&self, dealings: Box<round1::Dealings>) -> Step {
        let payload = round1::encode(&dealings, self.roster.threshold())?;
        let sent = PerParty::of(self.party, payload.clone());
        let outgoing = vec![Outgoing { to: Recipient::All, round: round1::ROUND, payload }];
        Ok((Next::Waiting(State::Round1 { dealings, sent, received: PerParty::new() }), outgoing))
    }

    fn check_sender(&self, from: PartyId) -> Result<(), EngineError> {
        if from == self.party || !self.roster.contains(from) {
            return Err(EngineError::misuse("the sender is not another party of the roster"));
        }
        Ok(())
    }

    fn accept(&self, state: State, from: PartyId, round: u16, payload: &[u8]) -> Step {
        match state {
            State::Round1 { dealings, mut sent, mut received } => {
                expect(round1::ROUND, round, from, received.contains(from))?;
                let message = round1::decode(payload, self.roster.threshold())
                    .map_err(|cause| EngineError::malformed(from, round, cause))?;
                sent.insert(from, Zeroizing::new(payload.to_vec()));
                received.insert(from, message);
                if self.waits(received.len()) {
                    return Ok((Next::Waiting(State::Round1 { dealings, sent, received }), Vec::new()));
                }
                self.share_out(*dealings, sent, received)
            }
            State::Round2 { sharings, sent, mut received } => {
                expect(round2::ROUND, round, from, received.contains(from))?;
                let message = round2::decode(payload).map_err(|cause| EngineError::malformed(from, round, cause))?;
                received.insert(from, message);
                if self.waits(received.len()) {
                    return Ok((Next::Waiting(State::Round2 { sharings, sent, received }), Vec::new()));
                }
                self.combine(&sharings, &sent, &received)
            }
            State::Echo { share, hash, mut received } => {
                expect(echo::ROUND, round, from, received.contains(&from))?;
                let theirs = echo::decode(payload).map_err(|cause| EngineError::malformed(from, round, cause))?;
                if theirs != hash {
                    return Err(EngineError::echo_mismatch(round));
                }
                received.insert(from);
                if self.waits(received.len()) {
                    return Ok((Next::Waiting(State::Echo { share, hash, received }), Vec::new()));
                }
                Ok((Next::Done(share), Vec::new()))
            }
        }
    }

    /// End of round 1: checks the proofs and sends each party its values.
    fn share_out(&self, dealings: round1::Dealings, sent: Transcript, received: PerParty<round1::Commitments>) -> Step {
        let (party, roster) = (self.party, &self.roster);
        let mut sharings = PerKey {
            ecdsa: round2::share(dealings.ecdsa, by_identifier(&received, |all| all.ecdsa.clone())?, party, roster)?,
            taproot: round2::share(
                dealings.taproot,
                by_identifier(&received, |all| all.taproot.clone())?,
                party,
                roster,
            )?,
            ed25519: round2::share(
                dealings.ed25519,
                by_identifier(&received, |all| all.ed25519.clone())?,
                party,
                roster,
            )?,
        };
        let mut outgoing = Vec::new();
        for to in roster.others(party) {
            let payload = round2::encode(&mut sharings, to)?;
            outgoing.push(Outgoing { to: Recipient::One(to), round: round2::ROUND, payload });
        }
        Ok((Next::Waiting(State::Round2 { sharings: Box::new(sharings), sent, received: PerParty::new() }), outgoing))
    }

    /// End of round 2: checks and adds the values, and echoes what all must have in common.
    fn combine(&self, sharings: &round2::Sharings, sent: &Transcript, received: &PerParty<round2::Shares>) -> Step {
        let (party, roster) = (self.party, &self.roster);
        let ecdsa = by_identifier(received, |all| all.ecdsa.clone())?;
        let taproot = by_identifier(received, |all| all.taproot.clone())?;
        let ed25519 = by_identifier(received, |all| all.ed25519.clone())?;
        let ecdsa = round2::combine(&sharings.ecdsa, &ecdsa, party, roster)?;
        let taproot = round2::combine(&sharings.taproot, &taproot, party, roster)?;
        let ed25519 = round2::combine(&sharings.ed25519, &ed25519, party, roster)?;

        let public_keys = PerKey { ecdsa: ecdsa.1, taproot: taproot.1, ed25519: ed25519.1 };
        let chain_codes = echo::chain_codes(&self.context, &public_keys)?;
        let public = PublicPackage::new(roster.clone(), public_keys, chain_codes)?;
        let hash = echo::hash(&self.context, roster, sent, &public);
        let keys = PerKey { ecdsa: ecdsa.0, taproot: taproot.0, ed25519: ed25519.0 };
        let share = Box::new(KeyShare::new(party, keys, public));
        let outgoing = vec![Outgoing { to: Recipient::All, round: echo::ROUND, payload: echo::encode(&hash)? }];
        Ok((Next::Waiting(State::Echo { share, hash, received: BTreeSet::new() }), outgoing))
    }

    fn waits(&self, received: usize) -> bool {
        received + 1 < self.roster.parties().len()
    }
}

impl Machine for Keygen {
    type Output = KeyShare;

    fn start(&mut self) -> Vec<Outgoing> {
        self.run.start(|dealings| self.ceremony.open(dealings))
    }

    fn receive(&mut self, from: PartyId, round: u16, payload: &[u8]) -> Vec<Outgoing> {
        match self.ceremony.check_sender(from) {
            Ok(()) => self.run.receive(|state| self.ceremony.accept(state, from, round, payload)),
            Err(error) => self.run.abort(error),
        }
    }

    fn outcome(&mut self) -> Outcome<KeyShare> {
        match self.run.outcome() {
            Outcome::Done(share) => Outcome::Done(*share),
            Outcome::Pending => Outcome::Pending,
            Outcome::Aborted(error) => Outcome::Aborted(error),
        }
    }
}

/// One key's part of everyone's message, keyed as frost wants it.
fn by_identifier<C: Ciphersuite, M, V>(
    received: &PerParty<M>,
    part: impl Fn(&M) -> V,
) -> Result<BTreeMap<Identifier<C>, V>, EngineError> {
    received.iter().map(|(party, message)| Ok((party.identifier()?, part(message)))).collect()
}
