//! The pages about problems: every kind has one, what it calls wrong raises the problem, what it calls right does not.

#![expect(clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use mandatum::answer::Options;
use mandatum::diagnostic::{Diagnostic, Severity};
use mandatum::lint::{self, Seen, lint_pack};
use mandatum::load::PackFiles;
use mandatum::session::Session;
use mandatum::{register, shipped, suite};

/// Whatever finds problems in a pack: one line for each.
const SOURCES: &[fn(&Session) -> Vec<Diagnostic>] = &[loading, running, tested, linted, registered];

/// Pages whose problem no files of a pack can raise, and why: they show a command, or a sentence.
const IN_WORDS: &[(&str, &str)] = &[
    ("bad-snapshot", "about a file of stored conclusions"),
    ("forbidden-lever", "raised by options of a command"),
    ("no-argument", "raised by an option of a command"),
    ("no-pack", "raised by what a command is told to open"),
    ("no-pack-folder", "raised by what a command is told to open"),
    ("no-scenario", "raised by what a command is told to open"),
    ("not-found", "raised by what a command is told to open"),
    ("not-utf-8", "a page is UTF-8 itself"),
    ("nothing-forbidden", "raised by an option of a command"),
    ("nothing-to-explain", "raised by what a command is asked"),
    ("too-many-worlds", "a rule with so many open questions is no page to read"),
    ("unknown-need", "raised by an option of a command"),
    ("unreadable", "raised by the file system"),
    ("unseen-attack", "needs two papers, their claims and a scenario; tests/suite/register.rs raises it"),
    ("unseen-claim", "needs a paper, its claims and a scenario; tests/suite/register.rs raises it"),
    ("unwritable", "raised by the file system"),
    ("unusable", "stands for another problem of the same file"),
];

/// Pages that show what is wrong and not what is right, and why.
const NO_GOOD: &[(&str, &str)] = &[("uncoded", "a whole codebook would be the right example")];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A fenced example of a page.
struct Example {
    kind: String,
    verdict: String,
    text: String,
}

struct Page {
    code: String,
    text: String,
    examples: Vec<Example>,
}

fn pages() -> Vec<Page> {
    let codes: Vec<&str> = shipped::problem_codes().collect();
    assert!(codes.len() > 60, "the pages were not found: {codes:?}");
    codes.into_iter().map(read).collect()
}

fn read(code: &str) -> Page {
    let text = shipped::problem_page(code).expect("a code has its page").to_owned();
    let mut examples = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let words: Vec<&str> = info.split_whitespace().collect();
        let (kind, verdict) = match words.as_slice() {
            ["text", verdict] => ("words", *verdict),
            ["text"] => ("words", ""),
            [_, kind, verdict] => (*kind, *verdict),
            _ => panic!("{code}: a fence says ```{info}"),
        };
        let inside: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        examples.push(Example { kind: kind.into(), verdict: verdict.into(), text: inside.join("\n") + "\n" });
    }
    Page { code: code.to_owned(), text, examples }
}

/// The pack that `mandatum new` writes, with the generic rules.
fn blank() -> PackFiles {
    let mut files = PackFiles { rules: shipped::core_rules().collect(), ..PackFiles::default() };
    let pack = "id = \"mine\"\ntitle = \"mine\"\nfeatured = \"first\"\n";
    files.world.insert("pack.toml".into(), pack.into());
    files.world.insert("world/world.toml".into(), include_bytes!("../../src/cli/blank_world.toml").to_vec());
    files.scenarios.insert("first.toml".into(), include_bytes!("../../src/cli/blank_scenario.toml").to_vec());
    files.rules.insert("rules/charter.rhai".into(), include_bytes!("../../src/cli/blank_rule.rhai").to_vec());
    files
}

/// Where an example stands in the pack: its file, and its lines there, counted from 1.
type Stands = (String, Range<usize>);

/// The blank pack with the examples of one verdict, and where each stands.
fn with(page: &Page, verdict: &str) -> (PackFiles, Vec<Stands>) {
    let mut files = blank();
    let mut stands = Vec::new();
    let wanted = |example: &&Example| example.verdict == verdict || example.verdict == "both";
    for (index, example) in page.examples.iter().enumerate().filter(|(_, example)| wanted(example)) {
        let (folder, path, appended) = match example.kind.as_str() {
            "scenario" => (&mut files.scenarios, "first.toml".to_owned(), true),
            "whole-scenario" => (&mut files.scenarios, "first.toml".to_owned(), false),
            "pack" => (&mut files.world, "pack.toml".to_owned(), true),
            "world" => (&mut files.world, format!("world/more-{index}.toml"), false),
            "rules" => (&mut files.rules, format!("rules/more-{index}.rhai"), false),
            "tests" => (&mut files.tests, format!("rules/more-{index}.test.toml"), false),
            other => panic!("{}: an example of kind {other}", page.code),
        };
        let mut before = if appended { folder.get(&path).cloned().unwrap_or_default() } else { Vec::new() };
        if appended && !before.ends_with(b"\n\n") {
            before.push(b'\n');
        }
        let first = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        before.extend_from_slice(example.text.as_bytes());
        folder.insert(path.clone(), before);
        if example.verdict == verdict {
            stands.push((path, first..first + example.text.lines().count()));
        }
    }
    (files, stands)
}

fn loading(session: &Session) -> Vec<Diagnostic> {
    session.problems.clone()
}

fn running(session: &Session) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for loaded in session.pack.scenarios.iter().filter(|_| session.usable()) {
        found.extend(session.evaluate(loaded, &Options::default()).err().unwrap_or_default());
    }
    found.extend(session.late_problems());
    found
}

/// Every test, and what no test went through.
fn tested(session: &Session) -> Vec<Diagnostic> {
    let all = session.pack.scenarios.iter().filter(|_| session.usable());
    let scenarios: Vec<_> = all.map(|loaded| loaded.scenario.id.clone()).collect();
    let tests = suite::list(session, &scenarios, &|_| true);
    let ran = suite::run(session, &tests, Some(&scenarios), &mut |_, _| {});
    let missed = suite::coverage::unexercised(session, &ran);
    ran.outcomes.into_iter().flat_map(|own| own.problems).chain(missed).collect()
}

fn linted(session: &Session) -> Vec<Diagnostic> {
    let mut seen = Seen::default();
    for loaded in session.pack.scenarios.iter().filter(|_| session.usable()) {
        // What cannot be asked so shows among what is tested.
        let _ = lint::look(session, loaded, &mut seen);
    }
    lint_pack(session, &seen, true).found
}

fn registered(session: &Session) -> Vec<Diagnostic> {
    [register::unaccounted(session), register::uncoded(session)].concat()
}

fn found(files: &PackFiles) -> Vec<Diagnostic> {
    let session = Session::new(files, None);
    SOURCES.iter().flat_map(|source| source(&session)).collect()
}

fn listed(problems: &[Diagnostic]) -> String {
    let one = |problem: &Diagnostic| {
        let place = problem.place().map(ToString::to_string).unwrap_or_default();
        format!("{place} {} {}", problem.code, problem.message)
    };
    problems.iter().map(one).collect::<Vec<_>>().join("\n    ")
}

#[test]
fn what_a_page_calls_wrong_raises_the_problem_where_it_stands_and_says_what_to_do() {
    let mut wrong = Vec::new();
    for page in pages() {
        if IN_WORDS.iter().any(|(code, _)| *code == page.code) {
            let words = page.examples.iter().all(|example| example.kind == "words");
            assert!(words && !page.examples.is_empty(), "{}: it can be run: strike it from the list", page.code);
            continue;
        }
        let (files, stands) = with(&page, "bad");
        assert!(!stands.is_empty(), "{} shows nothing that is wrong", page.code);
        let problems = found(&files);
        let here = |problem: &&Diagnostic| {
            problem.labels.iter().any(|(place, _)| {
                // What is said of a whole file, or of a whole pack, has no lines.
                let whole = place.start == 0 && place.end == 0;
                let pack = &*place.file == "mine" || page.code == "not-exercised";
                pack || stands
                    .iter()
                    .any(|(file, lines)| *file == *place.file && (whole || lines.contains(&place.line)))
            })
        };
        let raised: Vec<&Diagnostic> = problems.iter().filter(|own| own.code == page.code).filter(here).collect();
        let Some(first) = raised.first() else {
            wrong.push(format!("{}: not raised in {stands:?}, but\n    {}", page.code, listed(&problems)));
            continue;
        };
        let severity = if page.text.contains("\nA warning: ") { Severity::Warning } else { Severity::Error };
        if raised.iter().any(|problem| problem.severity != severity) {
            wrong.push(format!("{}: the page says another severity", page.code));
        }
        let label = first.labels.first().map_or("", |(_, label)| label.as_str());
        if first.help.as_deref().unwrap_or_default().len() < 5 && label.len() < 5 {
            wrong.push(format!("{}: it does not say what to do: {first:?}", page.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_page_calls_right_raises_nothing() {
    let mut wrong = Vec::new();
    for page in pages() {
        let excused = IN_WORDS.iter().chain(NO_GOOD).any(|(code, _)| *code == page.code);
        let (files, stands) = match page.examples.iter().any(|example| example.kind == "words") {
            true => continue,
            false => with(&page, "good"),
        };
        assert_ne!(excused, !stands.is_empty(), "{} shows nothing that is right, or is excused for nothing", page.code);
        let problems: Vec<Diagnostic> = found(&files)
            .into_iter()
            .filter(|own| own.code == page.code || own.severity == Severity::Error)
            // A rule that is right may well move what the pack expects without it.
            .filter(|own| own.code == page.code || own.code != "expectation")
            .filter(|_| !excused)
            .collect();
        if !problems.is_empty() {
            wrong.push(format!("{}:\n    {}", page.code, listed(&problems)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pages_have_one_form() {
    for page in pages() {
        let lines: Vec<&str> = page.text.lines().collect();
        let code = &page.code;
        assert_eq!(lines[0], format!("# {code}"), "{code}: its first line");
        assert!(lines[2].starts_with("An error: ") || lines[2].starts_with("A warning: "), "{code}: {}", lines[2]);
        assert!(lines[2].ends_with('.') && lines[1].is_empty() && lines[3].is_empty(), "{code}: {}", lines[2]);
        let heads: Vec<&str> = lines.iter().filter(|line| line.starts_with("## ")).copied().collect();
        assert_eq!(heads, ["## For example", "## Instead"], "{code}");
        assert!((15..=60).contains(&lines.len()), "{code} has {} lines", lines.len());
    }
}

/// The index: a table of the codes with the first sentence of each page.
fn index() -> String {
    let mut text = "# Kinds of problems\n\nEvery problem that `mandatum` reports has a code, printed in square brackets, and a page that says what it is, why it\nmatters \
                    and what to write instead. `mandatum explain CODE` prints it.\n\n| code | |\n| --- | --- |\n"
        .to_owned();
    for page in pages() {
        let line = page.text.lines().nth(2).unwrap_or_default();
        let (article, rest) = line.split_once(": ").unwrap_or_default();
        let warning = if article == "A warning" { " (a warning)" } else { "" };
        text.push_str(&format!("| [{0}]({0}.md) | {rest}{warning} |\n", page.code));
    }
    text
}

#[test]
fn the_index_lists_every_page_by_its_first_line() {
    let path = root().join("docs/problems/README.md");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&path, index()).expect("the index is written");
    }
    assert_eq!(fs::read_to_string(&path).expect("the index"), index(), "write it anew with INSTA_UPDATE=always");
    assert!(shipped::problem_page("README").is_none(), "the index is no page about a problem");
}

fn sources_of(folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).expect("a folder of the source") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources_of(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a file of the source");
            found.insert(path, text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned());
        }
    }
}

#[test]
fn every_code_in_the_source_has_a_page_and_every_page_a_code() {
    let mut files = BTreeMap::new();
    sources_of(&root().join("src"), &mut files);
    let kebab = |text: &str| {
        !text.is_empty()
            && text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
    };
    // What makes a problem, and is given its code first.
    let makers = ["error(", "refuse(", "refuse_at(", "mistake(", "report(", "code:"];
    let mut codes = BTreeSet::new();
    for text in files.values() {
        for maker in makers {
            for (at, _) in text.match_indices(maker) {
                let rest = text[at + maker.len()..].trim_start();
                let code = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
                codes.extend(code.filter(|code| kebab(code)).map(str::to_owned));
            }
        }
    }
    assert!(codes.len() > 60, "the codes were not found: {codes:?}");
    let paged: BTreeSet<String> = shipped::problem_codes().map(str::to_owned).collect();
    let bare: Vec<&String> = codes.difference(&paged).collect();
    assert!(bare.is_empty(), "codes without a page in docs/problems: {bare:?}");
    let stale: Vec<&String> =
        paged.iter().filter(|code| !files.values().any(|text| text.contains(&format!("\"{code}\"")))).collect();
    assert!(stale.is_empty(), "pages without a code: {stale:?}");
}
