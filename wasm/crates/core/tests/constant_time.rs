//! Secrets are chosen by `subtle` and never by a branch or an index. What a `Choice` may be turned into a number or a `bool` for is listed
//! here, line by line, with the reason; a new line fails until somebody has read it.

use std::fs;
use std::path::{Path, PathBuf};

/// What takes a decision out of `subtle`.
const WAYS_OUT: [&str; 4] = ["bool::from(", "unwrap_u8()", "Option::from(", "vartime"];

/// The code of each line and why nothing secret decides there.
const READ: [(&str, &str, &str); 19] = [
    ("derive.rs", "if bool::from(point.is_identity()) {", "a public key"),
    ("ecdsa/base_ot.rs", "if bool::from(shifted.is_identity()) {", "what the other party sent, and no choice of ours"),
    ("ecdsa/base_ot.rs", "let slot = chosen(*choices, usize::from(index)).unwrap_u8();", "a byte that is hashed"),
    ("ecdsa/base_ot.rs", "let slot = chosen(*self.choices, usize::from(index)).unwrap_u8();", "a byte that is hashed"),
    (
        "secp256k1.rs",
        "point.map(ProjectivePoint::from).filter(|point| !bool::from(point.is_identity())).ok_or(Malformed::Field(name))",
        "a message",
    ),
    (
        "secp256k1.rs",
        "Option::from(Scalar::from_repr(bytes.into())).ok_or(Malformed::Field(name))",
        "whether a message is in range",
    ),
    (
        "ecdsa/hash_to_curve.rs",
        "let mut inverse: FieldElement = Option::from(product.invert())?;",
        "fails with probability below 2^-240",
    ),
    (
        "ecdsa/hash_to_curve.rs",
        "points.push(Option::from(AffinePoint::from_encoded_point(&encoded))?);",
        "never fails: the point is on the curve",
    ),
    (
        "ecdsa/ot_extension.rs",
        "if !bool::from(difference.ct_eq(&0)) {",
        "the one bit that the protocol tells: the check",
    ),
    ("ecdsa/ot_extension.rs", "pads.push(pad(&prefix, index, choice.unwrap_u8(), *row));", "a byte that is hashed"),
    ("ecdsa/presign/combine.rs", "if bool::from(point.is_identity()) {", "the sum of opened points"),
    (
        "ecdsa/rvole.rs",
        "if !bool::from(oracle.finish().ct_eq(&message.check)) {",
        "the one bit that the protocol tells: the check",
    ),
    (
        "ecdsa/sign/mod.rs",
        "if bool::from(point.is_identity()) || bool::from(x.is_zero()) {",
        "the signature's nonce point, public",
    ),
    ("ecdsa/sign/mod.rs", "let recovery_id = affine.y_is_odd().unwrap_u8() | u8::from(overflows) << 1;", "public"),
    ("ecdsa/sign/mod.rs", "if bool::from(s.is_zero()) {", "the signature"),
    (
        "ecdsa/sign/mod.rs",
        "VerifiedSignature::verify(&bytes, self.recovery_id ^ is_high.unwrap_u8(), &self.digest, &self.key)",
        "the signature",
    ),
    ("ecdsa/signature.rs", "if bool::from(s.is_high()) {", "the signature"),
    ("ecdsa/signature.rs", "if bool::from(point.is_identity())", "the signature"),
    ("ecdsa/signature.rs", "|| recovery != RecoveryId::new(bool::from(point.y_is_odd()), is_reduced)", "the signature"),
];

#[test]
fn no_secret_decides_a_branch_or_an_index() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut seen = Vec::new();
    for file in files {
        let name = file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        for line in fs::read_to_string(&file).unwrap().lines() {
            let code = line.split("//").next().unwrap_or_default().trim().to_owned();
            if WAYS_OUT.iter().any(|way| code.contains(way)) {
                seen.push((name.clone(), code));
            }
        }
    }
    seen.sort();
    let mut read: Vec<_> = READ.iter().map(|(file, code, _)| ((*file).to_owned(), (*code).to_owned())).collect();
    read.sort();
    assert_eq!(seen, read);
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
