//! No circle of imports among the source files, and no import against the direction: what is shared knows no protocol,
//! and no protocol knows another. `imports/mod.rs` says what counts as an import.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod imports;

use std::fs;
use std::path::Path;

use imports::{Imports, Sources, circle};

/// Each is a machine of its own. None imports another, and nothing else imports them.
const PROTOCOLS: [&str; 3] = ["ecdsa", "frost", "keygen"];

/// What the lowest files may import at most, and why.
const ONLY: [(&str, &[&str], &str); 6] = [
    ("party", &[], "every other file names parties"),
    ("error", &["party"], "every other file makes errors"),
    ("codec", &["error"], "an encoding knows no content"),
    ("machine", &["error", "party"], "it is what a protocol looks like from outside"),
    ("run", &["error", "machine", "party"], "it is what all machines share, and knows none"),
    ("suites", &["codec", "secp256k1", "suites"], "sizes and parameters only"),
];

#[test]
fn no_file_imports_itself_through_others() {
    let imports = imports::imports(&sources());
    assert!(imports["keygen/round2.rs"].contains("keygen/round1.rs"), "the sources were not read");
    assert_eq!(circle(&imports), None, "a circle of imports");
}

#[test]
fn imports_have_one_direction() {
    assert_eq!(against_the_direction(&imports::imports(&sources())), Vec::<String>::new());
}

/// The names in the rules are those of the tree.
#[test]
fn every_rule_is_about_a_file_that_exists() {
    let imports = imports::imports(&sources());
    let ruled = PROTOCOLS.iter().chain(ONLY.iter().flat_map(|(top, may, _)| may.iter().chain([top])));
    for name in ruled {
        assert!(imports.keys().any(|file| top(file) == *name), "{name}");
    }
}

#[test]
fn a_planted_circle_is_found() {
    let sound = crate_of(&[
        ("lib.rs", "pub mod a;\npub mod b;\n"),
        ("a.rs", "// use crate::b::Back;\npub fn a() { let _ = \"crate::b\"; }"),
        ("b/mod.rs", "pub mod c;\nmod d;\npub use c::C;\npub use d::{D as Renamed};\npub struct Own;"),
        ("b/c.rs", "use std::fmt;\nuse super::Own;\nuse crate::a::a;\npub struct C(char); const MARK: char = '\"';"),
        ("b/d.rs", "pub struct D;"),
    ]);
    assert_eq!(circle(&imports::imports(&sound)), None);
    for (file, planted, expected) in [
        ("a.rs", "use crate::b::C;", &["a.rs", "b/c.rs"][..]),
        ("a.rs", "use crate::{b::{c::{self}}};", &["a.rs", "b/c.rs"]),
        ("a.rs", "pub fn f() { crate::b::c::f::<u8>(1); }", &["a.rs", "b/c.rs"]),
        ("a.rs", "type X<'a> = &'a super::b::C;", &["a.rs", "b/c.rs"]),
        ("b/mod.rs", "pub type Needed = C;", &["b/c.rs", "b/mod.rs"]),
        ("b/mod.rs", "use c::C as Needed;", &["b/c.rs", "b/mod.rs"]),
        ("b/mod.rs", "pub fn f() { c::f(); }", &["b/c.rs", "b/mod.rs"]),
        ("b/d.rs", "use super::C; use crate::b::Own;", &[]),
        ("b/mod.rs", "mod tests; fn f() { tests::f(); }", &["b/mod.rs", "b/tests.rs"]),
        ("b/mod.rs", "#[cfg(test)]\nmod tests; fn f() { tests::f(); }", &[]),
    ] {
        let mut changed = sound.clone();
        changed.get_mut(file).unwrap().push_str(planted);
        changed.insert("b/tests.rs".to_owned(), "use crate::b::Own;".to_owned());
        assert_eq!(circle(&imports::imports(&changed)).unwrap_or_default(), expected, "{planted}");
    }
    let by_new_name =
        crate_of(&[("lib.rs", ""), ("b/mod.rs", sound["b/mod.rs"].as_str()), ("b/d.rs", "use super::Renamed;")]);
    assert!(imports::imports(&by_new_name)["b/d.rs"].is_empty(), "a file does not import itself");
}

#[test]
fn a_planted_import_against_the_direction_is_found() {
    for (file, path, is_allowed) in [
        ("frost/initiate.rs", "crate::share::KeyShare", true),
        ("frost/initiate.rs", "crate::ecdsa::sign::Task", false),
        ("keygen/mod.rs", "crate::frost::ROUND", false),
        ("share.rs", "crate::keygen::Keygen", false),
        ("suites/taproot.rs", "crate::suites::Suite", true),
        ("suites/taproot.rs", "crate::share::KeyShare", false),
        ("party.rs", "crate::error::EngineError", false),
    ] {
        let mut changed = sources();
        changed.get_mut(file).unwrap().push_str(&format!("\nuse {path};\n"));
        assert_eq!(against_the_direction(&imports::imports(&changed)).is_empty(), is_allowed, "{file} {path}");
    }
}

/// The imports that the rules forbid.
fn against_the_direction(imports: &Imports) -> Vec<String> {
    let edges = imports.iter().flat_map(|(file, others)| others.iter().map(move |other| (file, other)));
    let mut found = Vec::new();
    for (file, other) in edges {
        let (from, to) = (top(file), top(other));
        if PROTOCOLS.contains(&to) && from != to {
            found.push(format!("{file} imports the protocol of {other}"));
        }
        for (_, may, why) in ONLY.iter().filter(|(ruled, may, _)| *ruled == from && !may.contains(&to)) {
            found.push(format!("{file} imports {other}; only {may:?}: {why}"));
        }
    }
    found
}

/// The file or folder directly under `src`.
fn top(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

fn crate_of(files: &[(&str, &str)]) -> Sources {
    files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect()
}

fn sources() -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Sources::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}
