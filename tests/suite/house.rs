//! The rules of the house: who imports whom, what stands where, and that the engine knows no content.

#![expect(clippy::panic, clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use mandatum::session::Session;
use mandatum::shipped;

/// The modules in the order of the data flow; each imports only from those before it. The command line comes last.
const ORDER: &[&str] = &[
    "diagnostic",
    "date",
    "argument",
    "world",
    "load",
    "change",
    "ask",
    "diagram",
    "rules",
    "ladder",
    "answer",
    "compare",
    "premises",
    "coverage",
    "trial",
    "session",
    "reference",
    "what_if",
    "levers",
    "repair",
    "research",
    "expect",
    "suite",
    "explain",
    "conclusions",
    "draft",
    "register",
    "lint",
    "matrix",
    "graph",
    "overlap",
    "timeline",
    "pivots",
    "atlas",
    "revision",
    "shipped",
    "render",
    "interface",
    "cli",
];

/// Ids of the shipped pack that are words of the engine too, and for what.
const WORDS: &[(&str, &str)] =
    &[("national-law", "a kind of instrument"), ("register", "a kind of organ, and a function of the pack")];

/// One file of the source.
struct File {
    path: String,
    module: String,
    text: String,
    code: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// Code, without comments and texts.
    Code(String),
    /// A text, without its quotes.
    Text(String),
}

/// Splits Rust into code and texts, and drops comments.
fn tokens(source: &str) -> Vec<Token> {
    let characters: Vec<char> = source.chars().collect();
    let at = |index: usize| characters.get(index).copied().unwrap_or('\0');
    let (mut found, mut code, mut index) = (Vec::new(), String::new(), 0);
    while index < characters.len() {
        let before = if index == 0 { ' ' } else { at(index - 1) };
        let hashes = (1..).take_while(|more| at(index + more) == '#').count();
        let raw = at(index) == 'r' && !before.is_alphanumeric() && before != '_' && at(index + 1 + hashes) == '"';
        if at(index) == '/' && at(index + 1) == '/' {
            while index < characters.len() && at(index) != '\n' {
                index += 1;
            }
        } else if raw {
            let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            index += hashes + 2;
            let start = index;
            while index < characters.len() && !characters[index..].starts_with(&end) {
                index += 1;
            }
            found.push(Token::Code(std::mem::take(&mut code)));
            found.push(Token::Text(characters[start..index].iter().collect()));
            index += end.len();
        } else if at(index) == '"' {
            let mut text = String::new();
            index += 1;
            while index < characters.len() && at(index) != '"' {
                if at(index) == '\\' {
                    index += 1;
                }
                text.push(at(index));
                index += 1;
            }
            found.push(Token::Code(std::mem::take(&mut code)));
            found.push(Token::Text(text));
            index += 1;
        } else if at(index) == '\'' && at(index + 1) == '\\' {
            index += 3;
            while at(index) != '\'' {
                index += 1;
            }
            index += 1;
        } else if at(index) == '\'' && at(index + 2) == '\'' {
            index += 3;
        } else {
            code.push(at(index));
            index += 1;
        }
    }
    found.push(Token::Code(code));
    found
}

impl File {
    fn code(&self) -> String {
        self.code
            .iter()
            .map(|token| match token {
                Token::Code(code) => code.as_str(),
                Token::Text(_) => "\"\"",
            })
            .collect()
    }
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the source") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    assert!(paths.len() > 50, "the source was not found: {paths:?}");
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&root).expect("inside src").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path).expect("a file of the source");
        let module = name.split(['/', '.']).next().unwrap_or_default().to_owned();
        File { code: tokens(&text), path: name, module, text }
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn the_reader_of_these_tests_tells_code_from_texts_and_comments() {
    let source = "let a = \"x \\\" y\"; // \"no\"\nlet b = r#\"raw \"quoted\"\"#; let c = '\"'; let d = '\\''; fn e<'a>() {} \"z\"";
    let texts: Vec<Token> = tokens(source).into_iter().filter(|token| matches!(token, Token::Text(_))).collect();
    assert_eq!(texts, ["x \" y", "raw \"quoted\"", "z"].map(|text| Token::Text(text.into())));
}

#[test]
fn a_module_imports_only_from_those_before_it() {
    let place = |module: &str| ORDER.iter().position(|own| *own == module);
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for file in files() {
        if matches!(file.path.as_str(), "lib.rs" | "main.rs") {
            continue;
        }
        let own = place(&file.module).unwrap_or_else(|| panic!("{} stands in no order", file.path));
        seen.insert(file.module.clone());
        let code = file.code();
        // The binary names the library by its name, the library itself by `crate`.
        let prefix = if file.module == "cli" { "mandatum::" } else { "crate::" };
        let mut names: BTreeSet<String> = BTreeSet::new();
        for (at, _) in code.match_indices(prefix) {
            let rest = &code[at + prefix.len()..];
            let listed = match rest.strip_prefix('{') {
                // `use crate::{a::b, c}`: every name at the first depth.
                Some(inner) => {
                    let mut depth = 0;
                    let mut top = String::new();
                    for character in inner.chars() {
                        match character {
                            '{' => depth += 1,
                            '}' if depth == 0 => break,
                            '}' => depth -= 1,
                            _ if depth == 0 => top.push(character),
                            _ => {}
                        }
                    }
                    top
                }
                None => rest.split([';', ',', '\n', '(']).next().unwrap_or_default().to_owned(),
            };
            for part in listed.split(',') {
                let name: String = part
                    .trim()
                    .chars()
                    .take_while(|character| character.is_alphanumeric() || *character == '_')
                    .collect();
                names.insert(name);
            }
        }
        for name in names.iter().filter(|name| !name.is_empty()) {
            match place(name) {
                Some(other) if other <= own => {}
                Some(_) => wrong.push(format!("{}: {} imports {name}", file.path, file.module)),
                None => wrong.push(format!("{}: {name} stands in no order", file.path)),
            }
        }
    }
    assert_eq!(seen, ORDER.iter().map(|module| (*module).to_owned()).collect(), "the order lists every module");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_and_is_short_enough_to_read() {
    for file in files() {
        assert!(file.text.starts_with("//! "), "{} does not open with //!", file.path);
        let lines = file.text.lines().count();
        assert!(lines <= 600, "{} has {lines} lines", file.path);
    }
}

#[test]
fn the_engine_knows_no_content() {
    let files = files();
    // What a unit test of the source makes up is no knowledge of the engine.
    let engine: Vec<(String, &str)> = files
        .iter()
        .flat_map(|file| {
            let own = file.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            tokens(own).into_iter().filter_map(|token| match token {
                Token::Text(text) => Some((text, file.path.as_str())),
                Token::Code(_) => None,
            })
        })
        .collect();
    let texts: BTreeMap<&str, &str> = engine.iter().map(|(text, path)| (text.as_str(), *path)).collect();
    assert!(texts.len() > 500, "the texts of the source were not found");
    let session = Session::new(&shipped::pack(shipped::DEFAULT_PACK), None);
    let world = &session.pack.world;
    let ids: BTreeSet<&String> = world
        .states
        .keys()
        .chain(world.bodies.keys())
        .chain(world.actors.keys())
        .chain(world.threats.terms.keys())
        .chain(world.functions.terms.keys())
        .chain(world.instruments.keys())
        .chain(session.rules.rules.keys().filter(|rule| !rule.starts_with("core-")))
        .collect();
    assert!(ids.len() > 200 && ids.iter().any(|id| *id == "KGZ"), "the pack was not found");
    let found: BTreeMap<&str, &str> =
        ids.iter().filter_map(|id| texts.get(id.as_str()).map(|path| (id.as_str(), *path))).collect();
    for (word, why) in WORDS {
        assert!(found.contains_key(word), "{word} ({why}) need not be excepted any more");
    }
    let found: Vec<String> = found
        .into_iter()
        .filter(|(id, _)| WORDS.iter().all(|(word, _)| word != id))
        .map(|(id, path)| format!("{path}: {id:?}"))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn each_library_has_one_door_and_only_the_command_line_touches_the_outside() {
    let mut doors: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for file in files() {
        let code = file.code();
        for (library, door) in [("toml", "load"), ("rhai", "rules"), ("clap", "cli"), ("tempfile", "cli")] {
            let named = |name: &str| {
                code.match_indices(name).any(|(at, _)| {
                    !code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':')
                })
            };
            if named(&format!("{library}::")) || named(&format!("use {library};")) {
                assert_eq!(file.module, door, "{} names {library}", file.path);
                doors.entry(library).or_default().insert(file.module.clone());
            }
        }
        if file.module == "cli" || file.path == "main.rs" {
            continue;
        }
        for outside in ["fs", "env", "time", "thread", "process", "net"] {
            assert!(!code.contains(&format!("std::{outside}")), "{} names std::{outside}", file.path);
        }
        // `use std::{fs, io}` would hide them.
        for (at, _) in code.match_indices("std::{") {
            let list = code[at..].split(';').next().unwrap_or_default();
            let hidden = list
                .split(|character: char| !character.is_alphanumeric())
                .find(|word| ["fs", "env", "time", "thread", "process", "net"].contains(word));
            assert_eq!(hidden, None, "{}: {list}", file.path);
        }
        for word in ["println!", "eprintln!", "SystemTime", "Instant::now", "HashMap", "HashSet"] {
            assert!(!code.contains(word), "{} names {word}", file.path);
        }
    }
    assert_eq!(doors.keys().copied().collect::<Vec<_>>(), ["clap", "rhai", "tempfile", "toml"], "the doors were found");
}

#[test]
fn every_shipped_rule_has_a_source_and_a_place_and_every_function_its_three_sentences() {
    let packs = shipped::packs();
    assert_eq!(packs, ["central-asia", "primer"].into());
    for pack in packs {
        let session = Session::new(&shipped::pack(pack), None);
        let world = &session.pack.world;
        assert!(session.rules.rules.len() > 10, "{pack} has no rules");
        for rule in session.rules.rules.values() {
            assert!(world.sources.contains_key(&rule.source), "{pack}: {} has no source", rule.id);
            let placed = rule.at.as_ref().is_some_and(|at| !at.trim().is_empty());
            assert!(placed || rule.source == mandatum::load::CORE, "{pack}: {} has no place", rule.id);
            assert!(!rule.doc.trim().is_empty(), "{pack}: {} does not say what it says", rule.id);
        }
        assert!(world.functions.terms.len() > 4, "{pack} has no functions");
        for (id, term) in &world.functions.terms {
            for (key, said) in
                [("definition", &term.definition), ("example", &term.example), ("near_miss", &term.near_miss)]
            {
                assert!(said.as_ref().is_some_and(|said| said.trim().len() > 3), "{pack}: {id} has no {key}");
            }
        }
    }
}
