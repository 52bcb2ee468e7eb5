//! The one encoding of everything that is sent or stored: a header (version, object, suite) and fields of fixed
//! sizes, in the order of a declared [`Layout`]. Nothing has optional parts, so a layout is also the complete list of
//! what an adversary can change, and the tests enumerate it.

use core::ops::Range;

use zeroize::Zeroizing;

use crate::error::{EngineError, Malformed};

/// The first byte of every object.
pub const VERSION: u8 = 1;

/// The second byte: what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Object {
    /// See [`crate::public_package`].
    PublicPackage = 0x01,
    /// See [`crate::share`].
    Share = 0x02,
    /// See [`crate::keygen::round1`].
    KeygenRound1 = 0x11,
    /// See [`crate::keygen::round2`].
    KeygenRound2 = 0x12,
    /// See [`crate::keygen::echo`].
    KeygenEcho = 0x13,
    /// See [`crate::frost::commit`].
    FrostCommitments = 0x21,
    /// See [`crate::frost::respond`].
    FrostShare = 0x22,
    /// See [`crate::ecdsa::presign::round1`].
    PresignRound1 = 0x31,
    /// See [`crate::ecdsa::presign::round2`].
    PresignRound2 = 0x32,
    /// See [`crate::ecdsa::presign::round3`].
    PresignRound3 = 0x33,
    /// See [`crate::ecdsa::sign::opening`].
    SignOpening = 0x34,
    /// See [`crate::ecdsa::sign::part`].
    SignPart = 0x35,
    /// See [`crate::ecdsa::sign::respond`].
    SignReply = 0x36,
}

/// The third byte: which key it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SuiteTag {
    /// All three master keys.
    All = 0x00,
    /// secp256k1 for ECDSA.
    Ecdsa = 0x01,
    /// secp256k1 for BIP340.
    Taproot = 0x02,
    /// Ed25519.
    Ed25519 = 0x03,
}

/// Bytes of the header.
pub const HEADER_BYTES: usize = 3;

/// One declared field, possibly repeated.
#[derive(Clone, Copy, Debug)]
struct Field {
    name: &'static str,
    bytes: usize,
    count: usize,
}

/// Where one occurrence of a field stands in the encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The declared name.
    pub name: &'static str,
    /// Which occurrence, from 0.
    pub index: usize,
    /// Its bytes.
    pub range: Range<usize>,
}

/// The declared order, names and sizes of an object's fields.
#[derive(Clone, Debug)]
pub struct Layout {
    object: Object,
    suite: SuiteTag,
    fields: Vec<Field>,
}

impl Layout {
    /// A layout that has only the header yet.
    pub const fn new(object: Object, suite: SuiteTag) -> Self {
        Self { object, suite, fields: Vec::new() }
    }

    /// Adds a field.
    #[must_use]
    pub fn field(self, name: &'static str, bytes: usize) -> Self {
        self.fields(name, bytes, 1)
    }

    /// Adds a field that occurs `count` times in a row.
    #[must_use]
    pub fn fields(mut self, name: &'static str, bytes: usize, count: usize) -> Self {
        self.fields.push(Field { name, bytes, count });
        self
    }

    /// Every byte range of the encoding with its name, the header's included.
    pub fn spans(&self) -> Vec<Span> {
        let header = [("version", 1), ("object", 1), ("suite", 1)].map(|(name, bytes)| Field { name, bytes, count: 1 });
        let mut spans = Vec::new();
        let mut offset = 0;
        for field in header.iter().chain(&self.fields) {
            for index in 0..field.count {
                spans.push(Span { name: field.name, index, range: offset..offset + field.bytes });
                offset += field.bytes;
            }
        }
        spans
    }

    /// Bytes of the whole encoding.
    pub fn bytes(&self) -> usize {
        self.fields.iter().fold(HEADER_BYTES, |sum, field| sum + field.bytes * field.count)
    }

    /// Version, object and suite.
    pub const fn header(&self) -> [u8; HEADER_BYTES] {
        [VERSION, self.object as u8, self.suite as u8]
    }

    /// Starts an encoding.
    pub fn writer(&self) -> Writer {
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.bytes()));
        bytes.extend_from_slice(&self.header());
        Writer { bytes, expected: self.bytes() }
    }

    /// Checks header and length. The fields come from [`Reader::take`] in the declared order.
    pub fn reader<'a>(&self, bytes: &'a [u8]) -> Result<Reader<'a>, Malformed> {
        let fields = self.check_header(bytes)?;
        if bytes.len() != self.bytes() {
            return Err(Malformed::Length);
        }
        Ok(Reader { rest: fields })
    }

    /// Like [`Layout::reader`], for the leading fields of an object whose other sizes depend on them.
    pub fn prefix<'a>(&self, bytes: &'a [u8]) -> Result<Reader<'a>, Malformed> {
        Ok(Reader { rest: self.check_header(bytes)? })
    }

    fn check_header<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8], Malformed> {
        let ([version, object, suite], fields) = bytes.split_first_chunk().ok_or(Malformed::Length)?;
        if *version != VERSION {
            return Err(Malformed::Version);
        }
        if (*object, *suite) != (self.object as u8, self.suite as u8) {
            return Err(Malformed::Kind);
        }
        Ok(fields)
    }
}

/// Fields in the order of a layout. Its buffer never grows, so no copy of a secret stays behind, and is wiped when dropped.
pub struct Writer {
    bytes: Zeroizing<Vec<u8>>,
    expected: usize,
}

impl Writer {
    /// Appends the next field. One that does not fit makes [`Writer::finish`] fail.
    #[must_use]
    pub fn put(mut self, field: impl AsRef<[u8]>) -> Self {
        if self.bytes.len() + field.as_ref().len() <= self.expected {
            self.bytes.extend_from_slice(field.as_ref());
        } else {
            self.expected = 0;
        }
        self
    }

    /// The encoding, if the fields were exactly those of the layout.
    pub fn finish(self) -> Result<Zeroizing<Vec<u8>>, EngineError> {
        if self.bytes.len() == self.expected {
            Ok(self.bytes)
        } else {
            Err(EngineError::misuse("the fields are not those of the layout"))
        }
    }
}

/// The fields of checked bytes, front to back.
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// The next `bytes` bytes.
    pub fn take(&mut self, bytes: usize) -> Result<&'a [u8], Malformed> {
        let (field, rest) = self.rest.split_at_checked(bytes).ok_or(Malformed::Length)?;
        self.rest = rest;
        Ok(field)
    }

    /// The next field of exactly `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (field, rest) = self.rest.split_first_chunk().ok_or(Malformed::Length)?;
        self.rest = rest;
        Ok(*field)
    }

    /// The next big-endian 16-bit number.
    pub fn number(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_be_bytes)
    }
}
