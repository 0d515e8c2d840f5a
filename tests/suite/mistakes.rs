//! Mistakes that people make who know neither TOML nor programming: each has its message, and every message is a snapshot.
//!
//! The mistakes stand in `mistakes/*.txt`, one after `=== NAME: CODE LINE, CODE LINE`, with all problems that it raises.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use mandatum::answer::Options;
use mandatum::diagnostic::Diagnostic;
use mandatum::load::PackFiles;
use mandatum::render::diagnostics::diagnostics;
use mandatum::session::Session;
use mandatum::shipped;

/// The file that the analyst writes, by kind of mistake.
const FILES: &[(&str, &str)] = &[
    ("body", "rules/mine.rhai"),
    ("file", "rules/mine.rhai"),
    ("scenario", "first.toml"),
    ("world", "world/more.toml"),
    ("pack", "pack.toml"),
];

/// A source that is no text that binds.
const ESSAY: &str = "[[source]]\nkey = \"essay\"\ntitle = \"An Essay\"\nkind = \"paper\"\n";

/// The pack that `mandatum new` writes, with one file more, or another in its place.
fn pack(path: &str, bytes: &[u8]) -> PackFiles {
    let mut files = PackFiles { rules: shipped::core_rules().collect(), ..PackFiles::default() };
    files.world.insert("pack.toml".into(), b"id = \"mine\"\ntitle = \"Mine\"\n".to_vec());
    files.world.insert("world/essay.toml".into(), ESSAY.into());
    files.world.insert("world/world.toml".into(), include_bytes!("../../src/cli/blank_world.toml").to_vec());
    files.scenarios.insert("first.toml".into(), include_bytes!("../../src/cli/blank_scenario.toml").to_vec());
    files.rules.insert("rules/charter.rhai".into(), include_bytes!("../../src/cli/blank_rule.rhai").to_vec());
    let folder = match path {
        "first.toml" => &mut files.scenarios,
        path if path.ends_with(".rhai") => &mut files.rules,
        _ => &mut files.world,
    };
    folder.insert(path.to_owned(), bytes.to_vec());
    files
}

/// The lines of a rule's body in a file that is otherwise in order; they begin on line 7.
fn around(body: &str) -> String {
    let body: String = body.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "//! @source charter\n\n/// A sentence.\n///\n/// @at art. 4\nfn mine_4(situation) {{\n{body}    stops(\"LEAGUE\", \
         \"relieve\", \"occasion\", \"the text says no\");\n}}\n"
    )
}

/// Every problem of a pack, as `mandatum evaluate` meets them, and the texts to underline them in.
fn met(files: &PackFiles) -> (Vec<Diagnostic>, BTreeMap<String, String>) {
    let session = Session::new(files, None);
    let mut problems = session.problems.clone();
    for loaded in session.pack.scenarios.iter().filter(|_| session.usable()) {
        problems.extend(session.evaluate(loaded, &Options::default()).err().unwrap_or_default());
    }
    problems.extend(session.late_problems());
    (problems, session.texts)
}

fn written(problems: &[Diagnostic]) -> String {
    let line = |problem: &Diagnostic| problem.place().map_or(0, |place| place.line);
    problems.iter().map(|problem| format!("{} {}", problem.code, line(problem))).collect::<Vec<_>>().join(", ")
}

fn shown(problems: &[Diagnostic], texts: &BTreeMap<String, String>) -> String {
    let text = anstream::adapter::strip_str(&diagnostics(problems, texts)).to_string();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// One snapshot with the messages of many mistakes, to be read from top to bottom.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("mistakes");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn every_mistake_has_its_own_message_at_its_own_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/mistakes");
    let mut wrong = Vec::new();
    for (kind, path) in FILES {
        let text = fs::read_to_string(folder.join(format!("{kind}.txt"))).expect("a file of mistakes");
        let mut messages = String::new();
        let mistakes: Vec<&str> = text.split("\n=== ").skip(1).collect();
        assert!(mistakes.len() >= 10, "{kind}: the mistakes were not found");
        for mistake in mistakes {
            let (head, text) = mistake.split_once('\n').unwrap_or((mistake, ""));
            let (name, expected) = head.split_once(": ").unwrap_or((head, ""));
            let text = if *kind == "body" { around(text) } else { text.to_owned() };
            let (problems, texts) = met(&pack(path, text.as_bytes()));
            if written(&problems) != expected {
                wrong.push(format!("{kind}: {name}: {}\n    not {expected}", written(&problems)));
            }
            let _ = writeln!(messages, "=== {name}\n{}\n", shown(&problems, &texts));
        }
        snapshot(kind, &messages);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_saved_the_wrong_way_are_named_or_read_all_the_same() {
    let good = around("");
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(good.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let rows: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a mark at its head", format!("\u{feff}{good}").into_bytes(), ""),
        ("line ends of Windows", good.replace('\n', "\r\n").into_bytes(), ""),
        ("tabs", good.replace("    ", "\t").into_bytes(), ""),
        ("UTF-16", utf16, "not-utf-8 1"),
        ("a document of a word processor", b"PK\x03\x04\x14\x00\x06\xff\xfe".to_vec(), "not-utf-8 1"),
        ("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), "not-utf-8 2"),
        ("rich text", b"{\\rtf1\\ansi the League}".to_vec(), "wrong-file 1"),
        ("letters of an old Windows", [good.as_bytes(), b"// \xfcber\n"].concat(), "not-utf-8 9"),
        ("huge", vec![b' '; 70_000], "too-large 1"),
    ];
    let mut messages = String::new();
    for (name, bytes, expected) in rows {
        let (problems, texts) = met(&pack("rules/mine.rhai", &bytes));
        assert_eq!(written(&problems), expected, "{name}: {}", shown(&problems, &texts));
        let _ = writeln!(messages, "=== {name}\n{}\n", shown(&problems, &texts));
    }
    snapshot("saved", &messages);
}

/// Words of the machinery below that no analyst can be expected to know.
const JARGON: &[&str] = &[
    "Dynamic",
    "ImmutableString",
    "terminate",
    "expecting",
    "i64",
    "bool ",
    "token",
    "identifier",
    "literal",
    "expression",
    "array",
    "integer",
    "float",
    "string",
    "boolean",
    "mutable",
    "undefined",
    "Rhai",
    "parse",
];

#[test]
fn no_message_speaks_the_language_of_the_machinery() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/mistakes");
    for (kind, path) in FILES {
        let text = fs::read_to_string(folder.join(format!("{kind}.txt"))).expect("a file of mistakes");
        for mistake in text.split("\n=== ").skip(1) {
            let (name, text) = mistake.split_once('\n').unwrap_or((mistake, ""));
            let text = if *kind == "body" { around(text) } else { text.to_owned() };
            for problem in met(&pack(path, text.as_bytes())).0 {
                let labels = problem.labels.iter().map(|(_, label)| label.as_str());
                for said in labels.chain([problem.message.as_str()]).chain(problem.help.as_deref()) {
                    let spoken = JARGON.iter().find(|word| said.contains(**word));
                    assert_eq!(spoken, None, "{kind}: {name}: {said}");
                    assert!(!said.ends_with('.') || said.ends_with(".."), "{kind}: {name}: a full stop: {said}");
                }
                assert!(problem.message.starts_with(|letter: char| !letter.is_uppercase()), "{}", problem.message);
                assert!(problem.help.is_some(), "{kind}: {name}: it does not say what to do: {}", problem.message);
            }
        }
    }
}

/// A file that is in order, to be spoiled letter by letter.
const RULE: &str = r#"//! @source charter

/// A sentence.
///
/// @at art. 4
/// @threats flood
fn mine_4(situation) {
    let bound = situation.bound_by("charter");
    if !bound && situation.threat != "flood" { return; }
    for f in ["consult", "relieve"] {
        stops("LEAGUE", f, "reach", "so it is");
    }
}
"#;

#[test]
fn one_letter_wrong_anywhere_never_crashes_and_is_said_in_plain_words() {
    let scenario = include_str!("../../src/cli/blank_scenario.toml");
    for (path, text) in [("rules/mine.rhai", RULE), ("first.toml", scenario)] {
        let letters: Vec<char> = text.chars().collect();
        let whole = |before: &[char], put: &str, after: &[char]| {
            before.iter().copied().chain(put.chars()).chain(after.iter().copied()).collect::<String>()
        };
        for at in 0..letters.len() {
            let (before, after) = letters.split_at(at);
            let dropped = whole(before, "", after.get(1..).unwrap_or_default());
            let put = ["\"", "}", "(", ",", "“", "é"].map(|sign| whole(before, sign, after));
            for spoiled in put.into_iter().chain([dropped, whole(before, "", &[])]) {
                for problem in met(&pack(path, spoiled.as_bytes())).0 {
                    let said = [Some(problem.message.as_str()), problem.help.as_deref()];
                    let spoken = said.into_iter().flatten().find(|said| JARGON.iter().any(|word| said.contains(word)));
                    assert_eq!(spoken, None, "{spoiled}");
                    assert!(problem.help.is_some(), "{}: no help in\n{spoiled}", problem.message);
                }
            }
        }
    }
}
