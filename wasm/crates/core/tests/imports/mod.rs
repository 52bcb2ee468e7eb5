//! Reads which source file imports which out of the text of the files.
//!
//! What counts as an import, and of what:
//! - every path of a `use`, and every path in the code, that begins with `crate`, `self`, `super` or a child module of
//!   the file;
//! - it is an import of the file that has the item: `crate::ecdsa::rvole::Pair` is one of `ecdsa/rvole.rs`, and not of
//!   the `ecdsa/mod.rs` whose name it passes;
//! - `mod child;` is no import: a parent has to declare its children;
//! - `pub use child::Item;` is none either, unless the parent itself works with the item: whoever names `parent::Item`
//!   imports the child. A parent may need its children or be needed by them, and not both by the same one;
//! - a `mod.rs` is a file like any other;
//! - what is compiled for tests alone is left out, and so are comments and strings.
//!
//! Not seen: methods, which need no path. Whoever calls one imports at least the type's file.

use std::collections::{BTreeMap, BTreeSet};

/// Files by their path under `src`, with their text.
pub type Sources = BTreeMap<String, String>;

/// The files that a file imports.
pub type Imports = BTreeMap<String, BTreeSet<String>>;

/// The segments of a path in the code.
type Segments = Vec<String>;

/// Who imports whom.
pub fn imports(sources: &Sources) -> Imports {
    let modules: BTreeMap<Segments, Module> =
        sources.iter().map(|(file, text)| (module_of(file), Module::read(file, text))).collect();
    let for_tests: BTreeSet<Segments> =
        modules.iter().flat_map(|(at, module)| module.for_tests.iter().map(move |child| joined(at, child))).collect();
    let shipped = || modules.iter().filter(|(at, _)| !for_tests.contains(*at));
    shipped()
        .map(|(at, module)| {
            let found = module.paths.iter().filter_map(|path| absolute(&modules, at, path));
            let files = found.filter_map(|path| resolve(&modules, &path)).filter(|file| *file != module.file);
            (module.file.clone(), files.collect())
        })
        .collect()
}

/// A circle, if there is one: each file imports the next, and the last the first.
pub fn circle(imports: &Imports) -> Option<Vec<String>> {
    let mut sound = BTreeSet::new();
    imports.keys().find_map(|file| walk(imports, file, &mut Vec::new(), &mut sound))
}

fn walk(imports: &Imports, file: &str, way: &mut Vec<String>, sound: &mut BTreeSet<String>) -> Option<Vec<String>> {
    if let Some(at) = way.iter().position(|earlier| earlier == file) {
        return Some(way[at..].to_vec());
    }
    if sound.contains(file) {
        return None;
    }
    way.push(file.to_owned());
    let found = imports.get(file).into_iter().flatten().find_map(|next| walk(imports, next, way, sound));
    way.pop();
    sound.insert(file.to_owned());
    found
}

/// One file.
struct Module {
    file: String,
    paths: Vec<Segments>,
    /// Children that only tests have.
    for_tests: BTreeSet<String>,
    /// Names that stand for an item of a child.
    re_exports: BTreeMap<String, Segments>,
}

impl Module {
    fn read(file: &str, text: &str) -> Self {
        let tokens = tokens(text);
        let word = |at: usize| tokens.get(at).map_or("", String::as_str);
        let mut read =
            Self { file: file.to_owned(), paths: Vec::new(), for_tests: BTreeSet::new(), re_exports: BTreeMap::new() };
        let (mut children, mut used, mut at) = (BTreeSet::new(), Vec::new(), 0);
        while at < tokens.len() {
            match word(at) {
                "mod" => {
                    assert_eq!(word(at + 2), ";", "{file}: a module stands in a file of its own");
                    let name = word(at + 1).to_owned();
                    let attributes = tokens[..at].rsplit(|token| [";", "}"].contains(&token.as_str())).next();
                    if attributes.is_some_and(|all| all.concat().contains("cfg(test)")) {
                        read.for_tests.insert(name.clone());
                    }
                    children.insert(name);
                    at += 3;
                }
                "use" => {
                    let is_public = at > 0 && ["pub", ")"].contains(&word(at - 1));
                    at += 1;
                    tree(&tokens, &mut at, &[], &mut |path, name| used.push((is_public, path, name)));
                }
                first if is_name(first) && word(at + 1) == "::" && (at == 0 || word(at - 1) != "::") => {
                    let mut path = vec![first.to_owned()];
                    while word(at + 1) == "::" && is_name(word(at + 2)) {
                        path.push(word(at + 2).to_owned());
                        at += 2;
                    }
                    read.paths.push(path);
                    at += 1;
                }
                _ => at += 1,
            }
        }
        for (is_public, path, name) in used {
            let is_re_export = is_public && path.first().is_some_and(|first| children.contains(first));
            if !is_re_export || tokens.iter().filter(|token| **token == name).count() > 1 {
                read.paths.push(path.clone());
            }
            if is_re_export {
                read.re_exports.insert(name, path);
            }
        }
        read
    }
}

/// The paths of a `use`, each with the name that it brings.
fn tree(tokens: &[String], at: &mut usize, before: &[String], found: &mut impl FnMut(Segments, String)) {
    let mut path = before.to_vec();
    while let Some(token) = tokens.get(*at).map(String::as_str) {
        match token {
            "{" => {
                *at += 1;
                while tokens[*at] != "}" {
                    tree(tokens, at, &path, found);
                    *at += usize::from(tokens[*at] == ",");
                }
                *at += 1;
                return;
            }
            "," | ";" | "}" => break,
            "as" => {
                found(path, tokens[*at + 1].clone());
                *at += 2;
                return;
            }
            "::" => {}
            "self" if !path.is_empty() => {}
            segment => path.push(segment.to_owned()),
        }
        *at += 1;
    }
    let name = path.last().cloned().unwrap_or_default();
    found(path, name);
}

/// The path from the crate's root; nothing where it leads to another crate.
fn absolute(modules: &BTreeMap<Segments, Module>, here: &[String], path: &[String]) -> Option<Segments> {
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        "crate" => Some(rest.to_vec()),
        "self" => Some([here, rest].concat()),
        "super" => {
            let (_, parent) = here.split_last()?;
            if rest.first().is_some_and(|next| next == "super") {
                absolute(modules, parent, rest)
            } else {
                Some([parent, rest].concat())
            }
        }
        _ => modules.contains_key(&joined(here, first)).then(|| [here, path].concat()),
    }
}

/// The file that has what the path from the root names.
fn resolve(modules: &BTreeMap<Segments, Module>, path: &[String]) -> Option<String> {
    let depth = (0..=path.len()).rev().find(|depth| modules.contains_key(&path[..*depth]))?;
    let (module, item) = (&modules[&path[..depth]], path.get(depth));
    match item.and_then(|item| module.re_exports.get(item)) {
        Some(real) => resolve(modules, &[&path[..depth], real].concat()),
        None => Some(module.file.clone()),
    }
}

fn module_of(file: &str) -> Segments {
    let name = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if name == "lib" { Vec::new() } else { name.split('/').map(str::to_owned).collect() }
}

fn joined(at: &[String], child: &str) -> Segments {
    [at, &[child.to_owned()]].concat()
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Names, `::` and single signs, without comments, strings and characters.
fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|sign: char| !(sign.is_alphanumeric() || sign == '_')).unwrap_or(rest.len());
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if first == '"' {
            quoted(rest, '"')
        } else if first == '\'' && (rest.starts_with("'\\") || rest.chars().nth(2) == Some('\'')) {
            quoted(rest, '\'')
        } else {
            let length = if word > 0 { word } else { first.len_utf8() + usize::from(rest.starts_with("::")) };
            if !first.is_whitespace() {
                found.push(rest[..length].to_owned());
            }
            length
        };
        rest = &rest[length..];
    }
    found
}

/// Bytes of a string or a character with its marks.
fn quoted(text: &str, mark: char) -> usize {
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, sign)| {
        let ends = *sign == mark && !is_escaped;
        is_escaped = *sign == '\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}
