//! What can go wrong, who has to change something, and who provably broke the protocol.

use core::fmt;

use crate::party::{NotAPoint, PartyId};

/// The stable names of the engine's failures; the catalogue of the host language gives them words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// A message does not decode: length, version, suite, range or curve.
    Malformed,
    /// A proof of knowledge does not hold.
    BadProof,
    /// A secret share or a signature share does not verify.
    BadShare,
    /// A check of presigning does not hold: its whole batch is gone.
    FailedCheck,
    /// The parties did not all see the same messages.
    EchoMismatch,
    /// A message came in a round where it is not expected, or a second time.
    WrongRound,
    /// A stored share does not validate.
    StoredShare,
    /// The engine was called in a way that it forbids.
    Misuse,
}

impl Code {
    /// The code as every part of Trefoil spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "engine/malformed",
            Self::BadProof => "engine/bad-proof",
            Self::BadShare => "engine/bad-share",
            Self::FailedCheck => "engine/failed-check",
            Self::EchoMismatch => "engine/echo-mismatch",
            Self::WrongRound => "engine/wrong-round",
            Self::StoredShare => "engine/stored-share",
            Self::Misuse => "engine/misuse",
        }
    }
}

/// Who has to change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// Whoever called the engine passed something stored or received that does not validate.
    Caller,
    /// Another party, or somebody between the parties.
    Peer,
    /// The code that drives the engine.
    Bug,
}

impl Blame {
    /// The blame as every part of Trefoil spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Peer => "peer",
            Self::Bug => "bug",
        }
    }
}

/// Why bytes are not an object of the expected layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Another length than the layout's: truncated, or with trailing bytes.
    Length,
    /// A version that this engine does not read.
    Version,
    /// Another object or another suite than expected here.
    Kind,
    /// A field whose value is out of range or not on its curve.
    Field(&'static str),
}

impl Malformed {
    /// In words; for a field its name.
    pub const fn what(self) -> &'static str {
        match self {
            Self::Length => "the length is wrong",
            Self::Version => "the version is not known",
            Self::Kind => "it is another kind of message",
            Self::Field(name) => name,
        }
    }
}

/// Any failure of the engine. It never carries a secret: `detail` is one of our own sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineError {
    code: Code,
    blame: Blame,
    culprits: Vec<PartyId>,
    round: Option<u16>,
    detail: &'static str,
}

impl EngineError {
    /// The stable name.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Who has to change something.
    pub const fn blame(&self) -> Blame {
        self.blame
    }

    /// Parties that provably broke the protocol; empty when nobody can be named.
    pub fn culprits(&self) -> &[PartyId] {
        &self.culprits
    }

    /// The round in which it was seen, from 1.
    pub const fn round(&self) -> Option<u16> {
        self.round
    }

    /// Our own words about this case.
    pub const fn detail(&self) -> &'static str {
        self.detail
    }

    /// The caller drives the engine wrongly.
    pub const fn misuse(detail: &'static str) -> Self {
        Self { code: Code::Misuse, blame: Blame::Bug, culprits: Vec::new(), round: None, detail }
    }

    /// A failure of a round with what its own module found out about it.
    pub(crate) const fn of_round(
        code: Code,
        blame: Blame,
        culprits: Vec<PartyId>,
        round: u16,
        detail: &'static str,
    ) -> Self {
        Self { code, blame, culprits, round: Some(round), detail }
    }

    /// `from` sent something that this round does not accept.
    pub(crate) fn wrong_round(from: PartyId, round: u16, detail: &'static str) -> Self {
        Self { code: Code::WrongRound, blame: Blame::Peer, culprits: vec![from], round: Some(round), detail }
    }

    /// `from` sent something that does not decode.
    pub(crate) fn malformed(from: PartyId, round: u16, cause: Malformed) -> Self {
        Self {
            code: Code::Malformed,
            blame: Blame::Peer,
            culprits: vec![from],
            round: Some(round),
            detail: cause.what(),
        }
    }

    /// A public package, which has no single sender, does not decode.
    pub(crate) const fn malformed_package(cause: Malformed) -> Self {
        Self { code: Code::Malformed, blame: Blame::Caller, culprits: Vec::new(), round: None, detail: cause.what() }
    }

    /// A stored share does not validate.
    pub(crate) const fn stored_share(detail: &'static str) -> Self {
        Self { code: Code::StoredShare, blame: Blame::Caller, culprits: Vec::new(), round: None, detail }
    }

    /// Two parties saw different things. Any of those that differ may be the honest one, so nobody is named.
    pub(crate) const fn echo_mismatch(round: u16) -> Self {
        Self {
            code: Code::EchoMismatch,
            blame: Blame::Peer,
            culprits: Vec::new(),
            round: Some(round),
            detail: "the echo hashes differ",
        }
    }

    /// A signature share does not verify and `from` is the only other signer.
    pub(crate) fn bad_share(from: PartyId, round: u16) -> Self {
        Self {
            code: Code::BadShare,
            blame: Blame::Peer,
            culprits: vec![from],
            round: Some(round),
            detail: "the signature does not verify under the group key",
        }
    }

    /// A check of presigning does not hold, and what `from` sent is the cause.
    pub(crate) fn failed_check(from: PartyId, round: u16, detail: &'static str) -> Self {
        Self { code: Code::FailedCheck, blame: Blame::Peer, culprits: vec![from], round: Some(round), detail }
    }

    /// A check over what several others sent does not hold: one of them is the cause, and only where there is a
    /// single other can it be named.
    pub(crate) fn failed_sum(code: Code, others: &[PartyId], round: u16, detail: &'static str) -> Self {
        let culprits = if others.len() == 1 { others.to_vec() } else { Vec::new() };
        Self { code, blame: Blame::Peer, culprits, round: Some(round), detail }
    }
}

impl From<NotAPoint> for EngineError {
    fn from(_: NotAPoint) -> Self {
        Self::misuse("a party id is not a point of the field")
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl core::error::Error for EngineError {}
