//! Which room of `src/` may know which: the table of `ARCHITECTURE.md`, kept.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, from the ground up: each imports only from itself and those before it.
const ROOMS: [&str; 9] = [
    "domain", "geometry", "index", "codec", "store", "service", "feed", "http", "cli",
];

/// What the domain does not name: I/O, asynchrony and the clock.
const IMPURE: [&str; 11] = [
    "tokio",
    "sqlx",
    "axum",
    "reqwest",
    "std::fs",
    "std::net",
    "std::time::SystemTime",
    "std::time::Instant",
    "Utc::now",
    "Local::now",
    "Uuid::now_v7",
];

#[test]
fn every_file_imports_only_from_rooms_below_its_own() {
    let faults: Vec<String> = source_files()
        .iter()
        .flat_map(|(module, source)| check_direction(module, source))
        .collect();
    assert!(
        faults.is_empty(),
        "dependencies point one way, {}:\n{}",
        ROOMS.join(" < "),
        faults.join("\n")
    );
}

#[test]
fn the_domain_is_pure() {
    let faults: Vec<String> = source_files()
        .iter()
        .filter(|(module, _)| module.first().is_some_and(|room| room == "domain"))
        .flat_map(|(module, source)| check_purity(module, source))
        .collect();
    assert!(
        faults.is_empty(),
        "the domain does no I/O and asks no clock:\n{}",
        faults.join("\n")
    );
}

#[test]
fn every_room_is_there_and_no_other() {
    let mut rooms: Vec<String> = source_files()
        .into_iter()
        .filter_map(|(module, _)| module.into_iter().next())
        .collect();
    rooms.sort();
    rooms.dedup();
    let mut expected = ROOMS;
    expected.sort_unstable();
    assert_eq!(
        rooms, expected,
        "a room is added here and in ARCHITECTURE.md"
    );
}

/// Every file of a room by its place in the tree of modules, with its text.
fn source_files() -> Vec<(Vec<String>, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let module = module_of(path.strip_prefix(&root).unwrap());
                // `lib.rs` and `main.rs` stand above all rooms.
                if !matches!(module.join("::").as_str(), "lib" | "main") {
                    files.push((module, fs::read_to_string(&path).unwrap()));
                }
            }
        }
    }
    assert!(files.len() > 50, "the sources should have been found");
    files
}

/// `http/view/area.rs` is `http::view::area`, `http/mod.rs` is `http`.
fn module_of(file: &Path) -> Vec<String> {
    let mut module: Vec<String> = PathBuf::from(file)
        .with_extension("")
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

/// The imports of a file that point upwards.
fn check_direction(module: &[String], source: &str) -> Vec<String> {
    let room = module.first().expect("a file lies in a room");
    let own = height(room).unwrap_or_else(|| panic!("{room} is no known room"));
    let mut faults: Vec<String> = paths(source)
        .into_iter()
        .filter_map(|path| {
            let other = room_of(module, &path)?;
            let other_height = height(&other)?;
            (other_height > own).then(|| {
                format!(
                    "{}, line {}: {} may not know {other}",
                    module.join("::"),
                    path.line,
                    room
                )
            })
        })
        .collect();
    faults.dedup();
    faults
}

/// What a file of the domain names although it may not.
fn check_purity(module: &[String], source: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for path in paths(source) {
        let text = path.words.join("::");
        for impure in IMPURE {
            // From its start, or with the crate left off as after an import.
            let named = text == impure
                || text.starts_with(&format!("{impure}::"))
                || text.ends_with(&format!("::{impure}"));
            if named {
                faults.push(format!(
                    "{}, line {}: names {impure}",
                    module.join("::"),
                    path.line
                ));
            }
        }
    }
    faults
}

fn height(room: &str) -> Option<usize> {
    ROOMS.iter().position(|known| *known == room)
}

/// The room that a path of the crate leads to; `None` for what leads elsewhere.
fn room_of(module: &[String], path: &NamedPath) -> Option<String> {
    let mut words = path.words.iter();
    let mut at: Vec<&String> = match words.next()?.as_str() {
        "crate" => Vec::new(),
        "super" => {
            let mut at: Vec<&String> = module.iter().chain(&path.inside).collect();
            at.pop();
            at
        }
        _ => return None,
    };
    for word in words {
        if word == "super" {
            at.pop();
        } else {
            at.push(word);
        }
    }
    at.first().map(|room| (*room).clone())
}

/// A path as it stands in the source, groups taken apart.
#[derive(Debug, PartialEq)]
struct NamedPath {
    words: Vec<String>,
    /// The modules of the file that it stands in.
    inside: Vec<String>,
    line: usize,
}

/// Every path that a source text names, in code only.
fn paths(source: &str) -> Vec<NamedPath> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    // The modules that are open, each with the depth of braces at which it began.
    let mut inside: Vec<(String, usize)> = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at].0 {
            Token::Open => {
                depth += 1;
                at += 1;
            }
            Token::Close => {
                depth -= 1;
                inside.retain(|&(_, began)| began < depth);
                at += 1;
            }
            Token::Word(word) if word == "mod" => {
                if let (Some((Token::Word(name), _)), Some((Token::Open, _))) =
                    (tokens.get(at + 1), tokens.get(at + 2))
                {
                    inside.push((name.clone(), depth));
                }
                at += 1;
            }
            Token::Word(_) => {
                let modules: Vec<String> = inside.iter().map(|(name, _)| name.clone()).collect();
                at = read_path(&tokens, at, &[], &modules, &mut found);
            }
            _ => at += 1,
        }
    }
    found
}

/// Reads a path or a tree of them, as in `a::{b, c::{d, e}}`; returns where it ends.
fn read_path(
    tokens: &[(Token, usize)],
    mut at: usize,
    before: &[String],
    inside: &[String],
    found: &mut Vec<NamedPath>,
) -> usize {
    let line = tokens[at].1;
    let mut words = before.to_vec();
    while let Some((Token::Word(word), _)) = tokens.get(at) {
        words.push(word.clone());
        at += 1;
        if !matches!(tokens.get(at), Some((Token::PathSeparator, _))) {
            break;
        }
        match tokens.get(at + 1) {
            Some((Token::Word(_), _)) => at += 1,
            Some((Token::Open, _)) => {
                at += 2;
                loop {
                    match tokens.get(at) {
                        Some((Token::Word(_), _)) => {
                            at = read_path(tokens, at, &words, inside, found);
                        }
                        Some((Token::Close, _)) | None => return at + 1,
                        _ => at += 1,
                    }
                }
            }
            // A glob or generic arguments.
            _ => {
                at += 1;
                break;
            }
        }
    }
    found.push(NamedPath {
        words,
        inside: inside.to_vec(),
        line,
    });
    at
}

#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    PathSeparator,
    Open,
    Close,
    Other,
}

/// The code of a source text with its lines: no comments, no literals.
fn tokens(source: &str) -> Vec<(Token, usize)> {
    let chars: Vec<char> = source.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let rest = &chars[at..];
        let length = match rest {
            ['/', '/', ..] => rest.iter().take_while(|c| **c != '\n').count(),
            ['/', '*', ..] => comment_length(rest),
            ['"', ..] => text_length(rest),
            ['r', '"' | '#', ..] if raw_text_length(rest) > 0 => raw_text_length(rest),
            ['b', 'r', '"' | '#', ..] if raw_text_length(&rest[1..]) > 0 => {
                1 + raw_text_length(&rest[1..])
            }
            ['\'', '\\', _, ..] => 3 + rest[3..].iter().take_while(|c| **c != '\'').count() + 1,
            ['\'', _, '\'', ..] => 3,
            [':', ':', ..] => {
                found.push((Token::PathSeparator, line));
                2
            }
            [c, ..] if c.is_alphabetic() || *c == '_' => {
                let word: String = rest
                    .iter()
                    .take_while(|c| c.is_alphanumeric() || **c == '_')
                    .collect();
                let length = word.chars().count();
                found.push((Token::Word(word), line));
                length
            }
            [c, ..] => {
                match c {
                    '{' => found.push((Token::Open, line)),
                    '}' => found.push((Token::Close, line)),
                    c if c.is_whitespace() => {}
                    _ => found.push((Token::Other, line)),
                }
                1
            }
            [] => break,
        };
        let length = length.min(rest.len());
        line += rest[..length].iter().filter(|c| **c == '\n').count();
        at += length;
    }
    found
}

/// Comments in comments included.
fn comment_length(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => {
                depth += 1;
                at += 2;
            }
            ['*', '/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn text_length(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// `r#"…"#`; zero when it is none, such as `r#type`.
fn raw_text_length(rest: &[char]) -> usize {
    let marks = rest[1..].iter().take_while(|c| **c == '#').count();
    if rest.get(1 + marks) != Some(&'"') {
        return 0;
    }
    let mut at = 2 + marks;
    while at < rest.len() {
        if rest[at] == '"'
            && rest[at + 1..]
                .iter()
                .take(marks)
                .filter(|c| **c == '#')
                .count()
                == marks
        {
            return at + 1 + marks;
        }
        at += 1;
    }
    at
}

fn module(path: &str) -> Vec<String> {
    path.split("::").map(str::to_owned).collect()
}

#[test]
fn an_upward_import_is_found_however_it_is_written() {
    for (place, source, other) in [
        ("domain::code", "use crate::store::Store;", "store"),
        (
            "store::sqlite",
            "fn f() { crate::service::Clock::system(); }",
            "service",
        ),
        (
            "index::atlas",
            "use crate::{domain::Area, geometry, codec::wkb};",
            "codec",
        ),
        (
            "geometry::label",
            "use crate::{\n    domain::{Area, Level},\n    http::{self, view::Page},\n};",
            "http",
        ),
        ("codec::wkb", "use super::super::store::Store;", "store"),
        ("feed", "use super::cli::run;", "cli"),
        (
            "service::live",
            "mod tests { use super::super::super::feed::Feed; }",
            "feed",
        ),
        (
            "domain::words",
            "macro_rules! m { () => { $crate::index::Atlas } }",
            "index",
        ),
        ("http::view", "fn f(x: crate::cli::Options) {}", "cli"),
        (
            "domain",
            "const A: &str = \"// \\\" no comment\"; use crate::geometry::Crs;",
            "geometry",
        ),
        (
            "domain",
            "fn f<'a>(c: char) -> bool { c == '\"' || c == '\\'' } use crate::geometry::Crs;",
            "geometry",
        ),
    ] {
        let faults = check_direction(&module(place), source);
        assert_eq!(faults.len(), 1, "{source:?} in {place}: {faults:?}");
        assert!(
            faults[0].ends_with(&format!("may not know {other}")),
            "{source:?} in {place}: {faults:?}"
        );
    }
}

#[test]
fn imports_downwards_and_within_the_own_room_are_no_faults() {
    for (place, source) in [
        ("http::areas", "use crate::service::areas::AreaQuery;"),
        ("http::areas", "use super::view::{Page, to_cursor};"),
        ("http::view::area", "use super::super::problem::Problem;"),
        (
            "cli::simulate::client",
            "use super::super::Failure; use crate::{feed, http};",
        ),
        (
            "store::sqlite",
            "mod tests { use super::super::Store; use crate::domain::Area; }",
        ),
        ("domain::code", "// use crate::store::Store;"),
        ("domain::code", "/* use crate::store; /* */ crate::http */"),
        (
            "domain::code",
            "/// See [`crate::store::Store`].\nstruct A;",
        ),
        ("domain::code", "const A: &str = \"crate::store\";"),
        ("domain::code", "const A: &str = r#\"a \" crate::store\"#;"),
        ("domain::code", "use wangge::store::Store;"),
        ("domain::code", "mod store { } use self::store::Store;"),
    ] {
        let faults = check_direction(&module(place), source);
        assert!(faults.is_empty(), "{source:?} in {place}: {faults:?}");
    }
}

#[test]
fn an_impure_domain_is_found() {
    for (source, named) in [
        ("use tokio::sync::Mutex;", "tokio"),
        ("fn f(row: &sqlx::Row) {}", "sqlx"),
        ("use std::{collections::HashMap, fs};", "std::fs"),
        ("use std::fs::File;", "std::fs"),
        (
            "use std::time::{Duration, SystemTime};",
            "std::time::SystemTime",
        ),
        (
            "use chrono::Utc; fn f() { let now = Utc::now(); }",
            "Utc::now",
        ),
        ("fn f() { chrono::Utc::now(); }", "Utc::now"),
        ("fn f() { uuid::Uuid::now_v7(); }", "Uuid::now_v7"),
    ] {
        let faults = check_purity(&module("domain::code"), source);
        assert_eq!(faults.len(), 1, "{source:?}: {faults:?}");
        assert!(
            faults[0].ends_with(&format!("names {named}")),
            "{source:?}: {faults:?}"
        );
    }
    let pure = "// tokio\nuse std::fmt; use chrono::{DateTime, Utc}; fn f(now: DateTime<Utc>) {}";
    assert!(
        check_purity(&module("domain::code"), pure).is_empty(),
        "what is pure is no fault"
    );
}
