//! Stored conclusions: those of the shipped packs are up to date, insta reads them, and a review names what moved.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mandatum::answer::Options;
use mandatum::conclusions::extract::{Extract, extract};
use mandatum::conclusions::{Kind, file, text};
use mandatum::session::Session;
use mandatum::shipped;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn concluded(session: &Session) -> Vec<(String, Extract)> {
    let all = session.pack.scenarios.iter().map(|loaded| {
        let evaluated = session.evaluate(loaded, &Options::default()).expect("a shipped scenario evaluates");
        assert!(evaluated.evaluation.complete, "{}: a rule failed", loaded.scenario.id);
        (loaded.scenario.id.clone(), extract(session, &evaluated))
    });
    all.collect()
}

#[test]
fn the_stored_conclusions_of_the_shipped_packs_are_up_to_date() {
    for pack in shipped::packs() {
        let folder = root().join("scenarios").join(pack).join("snapshots");
        let session = Session::new(&shipped::pack(pack), None);
        let mut known: BTreeSet<String> = BTreeSet::new();
        for (scenario, own) in concluded(&session) {
            let path = folder.join(format!("{scenario}.snap"));
            known.insert(format!("{scenario}.snap"));
            let stored = fs::read_to_string(&path).unwrap_or_default();
            let stored = file::read(&stored).map(|snapshot| snapshot.conclusions);
            assert!(
                stored.as_ref() == Ok(&own.conclusions),
                "{scenario} concludes something else than is stored: mandatum test scenarios/{pack} --snapshots; \
                 mandatum review scenarios/{pack}"
            );
        }
        let there = fs::read_dir(&folder).expect("a folder of snapshots");
        let there: BTreeSet<String> =
            there.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        assert_eq!(there, known, "{pack}: nothing waits, and nothing is left over");
    }
}

#[test]
fn conclusions_come_back_as_they_were_and_are_written_alike_each_time() {
    let session = Session::new(&shipped::pack("primer"), None);
    for ((scenario, own), (_, again)) in concluded(&session).into_iter().zip(concluded(&session)) {
        let written = file::write(&own.conclusions, &own.origin);
        assert_eq!(written, file::write(&again.conclusions, &again.origin), "{scenario}");
        let back = file::read(&written).expect("what was written can be read");
        assert!(back.conclusions == own.conclusions, "{scenario}");
        assert_eq!(back.origin, own.origin, "{scenario}");
        let windows = file::read(&written.replace('\n', "\r\n")).expect("whatever the line endings");
        assert!(windows.conclusions == own.conclusions, "{scenario}");
        assert!(own.conclusions.said.keys().any(|name| name.kind == Kind::Cell), "{scenario}");
    }
}

#[test]
fn insta_reads_a_snapshot_and_writes_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let session = Session::new(&shipped::pack("primer"), None);
    for (scenario, own) in concluded(&session) {
        let path = folder.path().join(format!("{scenario}.snap"));
        let written = file::write(&own.conclusions, &own.origin);
        fs::write(&path, &written).expect("a file");
        let snapshot = insta::Snapshot::from_file(&path).expect("insta reads it");
        assert_eq!(snapshot.metadata().source(), Some(format!("{scenario}.toml").as_str()));
        let contents = snapshot.as_text().expect("it is a text").to_string();
        assert_eq!(text::read(&contents).expect("the contents are conclusions").scenario, scenario);
        let again = folder.path().join("again.snap");
        snapshot.save(&again).expect("insta writes it");
        assert_eq!(fs::read_to_string(&again).expect("a file"), written, "{scenario}");
    }
}

/// A copy of the primer, in which every conclusion is stored.
struct Copy {
    folder: tempfile::TempDir,
}

struct Ran {
    exit: Option<i32>,
    out: String,
    err: String,
}

impl Copy {
    fn new() -> Self {
        let own = Copy { folder: tempfile::tempdir().expect("a folder") };
        for (from, to) in [("scenarios/primer", "scenarios/primer"), ("rules/primer", "rules/primer")] {
            copy(&root().join(from), &own.folder.path().join(to));
        }
        own
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_mandatum"))
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("the binary starts");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
        let ran = Ran { exit: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) };
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        ran
    }

    fn compare(&self) -> Option<i32> {
        self.run(&["test", "scenarios/primer", "--snapshots"]).exit
    }

    fn review(&self) -> Value {
        let ran = self.run(&["review", "scenarios/primer", "--format", "json"]);
        serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("no JSON: {}{}", ran.out, ran.err))
    }

    fn change(&self, name: &str, from: &str, to: &str) {
        let path = self.path(name);
        let text = fs::read_to_string(&path).expect("a file");
        assert!(text.contains(from), "{name} has no {from}");
        fs::write(&path, text.replacen(from, to, 1)).expect("a file");
    }

    fn bytes(&self, name: &str) -> String {
        fs::read_to_string(self.path("scenarios/primer/snapshots").join(name)).unwrap_or_default()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).expect("a file");
        }
    }
}

/// What moved, by mover, with the conclusions that moved.
fn causes(review: &Value) -> Vec<(String, String, Vec<String>)> {
    let each = |caused: &Value| {
        let cause = &caused["causes"][0];
        let moved = caused["moved"].as_array().into_iter().flatten();
        let moved = moved.map(|own| own["conclusion"].as_str().unwrap_or_default().to_owned()).collect();
        let word = |key: &str| cause[key].as_str().unwrap_or_default().to_owned();
        (word("mover"), word("what"), moved)
    };
    review["causes"].as_array().into_iter().flatten().map(each).collect()
}

#[test]
fn a_date_a_rule_and_a_request_are_each_named_as_the_cause() {
    let own = Copy::new();
    assert_eq!(own.compare(), Some(0), "nothing changed");
    assert_eq!(own.run(&["review", "scenarios/primer"]).exit, Some(0));

    // The forces are there only from a later day on.
    let powers = "scenarios/primer/world/powers.toml";
    own.change(powers, "level = \"exercised\"\nfrom = 2008-01-01", "level = \"exercised\"\nfrom = 2048-01-01");
    assert_eq!(own.compare(), Some(1));
    let review = own.review();
    let found = causes(&review);
    assert!(!found.is_empty(), "{review:#}");
    for (mover, what, moved) in &found {
        assert_eq!((mover.as_str(), what.contains("Harbour League")), ("fact", true), "{review:#}");
        assert!(moved.iter().all(|name| !name.contains("interdict")), "another function has other forces: {moved:?}");
    }
    assert!(found[0].2.iter().any(|name| name.contains("deploy-force")), "{review:#}");
    let cause = &review["causes"][0]["causes"][0];
    assert!(cause["place"].as_str().is_some_and(|place| place.contains("powers.toml:")), "{review:#}");
    assert_eq!((cause["was"].as_str(), cause["now"].as_str()), (Some("since 2008-01-01"), Some("since 2048-01-01")));
    own.change(powers, "from = 2048-01-01", "from = 2008-01-01");
    assert_eq!(own.compare(), Some(0), "and back");

    let rules = "rules/primer/fathom-2015.rhai";
    own.change(rules, "asserts(\"toll-pays\")", "denies(\"toll-pays\")");
    assert_eq!(own.compare(), Some(1));
    let review = own.review();
    for (mover, what, _) in causes(&review) {
        assert_eq!((mover.as_str(), what.as_str()), ("rule", "fathom-toll-pays"), "{review:#}");
    }
    own.change(rules, "denies(\"toll-pays\")", "asserts(\"toll-pays\")");

    own.change("scenarios/primer/ladder.toml", "to = \"HARBOUR-LEAGUE\"", "to = \"COAST-GUARD-UNION\"");
    assert_eq!(own.compare(), Some(1));
    let review = own.review();
    let found = causes(&review);
    assert!(!found.is_empty());
    for (mover, _, moved) in found {
        assert_eq!(mover, "scenario", "{review:#}");
        assert!(moved.iter().all(|name| !name.contains("raid/")), "only the case that was asked about: {moved:?}");
    }
}

#[test]
fn accepting_and_rejecting_touch_what_they_name_and_nothing_else() {
    let own = Copy::new();
    let before = own.bytes("ladder.snap");
    own.change("scenarios/primer/ladder.toml", "to = \"HARBOUR-LEAGUE\"", "to = \"COAST-GUARD-UNION\"");
    assert_eq!(own.compare(), Some(1));
    assert_eq!(own.bytes("ladder.snap"), before, "comparing never writes over what is stored");
    let waits = own.bytes("ladder.snap.new");

    assert_eq!(own.run(&["review", "scenarios/primer", "--reject", "ladder"]).exit, Some(0));
    assert_eq!((own.bytes("ladder.snap"), own.bytes("ladder.snap.new")), (before.clone(), String::new()));
    assert_eq!(own.run(&["review", "scenarios/primer", "--accept", "ladder"]).exit, Some(2), "nothing waits any more");
    assert_eq!(own.compare(), Some(1));
    for usage in [
        &["--accept"] as &[&str],
        &["--reject"],
        &["--accept", "lader"],
        &["--accept", "ladder", "--conclusion", "cell x"],
        &["--reject", "ladder", "--conclusion", "cell x"],
    ] {
        let arguments = [&["review", "scenarios/primer"], usage].concat();
        assert_eq!(own.run(&arguments).exit, Some(2), "{usage:?}");
    }

    // What waits was written over meanwhile, or the pack has moved on: nothing is accepted unseen.
    let path = own.path("scenarios/primer/snapshots/ladder.snap.new");
    fs::write(&path, waits.replacen("| paper gap", "| paper overlap", 1)).expect("a file");
    let stale = own.run(&["review", "scenarios/primer", "--accept", "--all"]);
    assert_eq!((stale.exit, stale.err.contains("compare again")), (Some(2), true), "{}", stale.err);
    assert_eq!(own.bytes("ladder.snap"), before);
    assert_eq!(own.compare(), Some(1));

    // One conclusion, then the rest.
    let review = own.review();
    let first = causes(&review)[0].2[0].clone();
    let one = own.run(&["review", "scenarios/primer", "--accept", "ladder", "--conclusion", &first]);
    assert_eq!(one.exit, Some(1), "{}{}", one.out, one.err);
    let left: Vec<String> = causes(&own.review()).into_iter().flat_map(|(_, _, moved)| moved).collect();
    assert!(!left.is_empty() && !left.contains(&first), "{first}: {left:?}");
    assert_eq!(own.compare(), Some(1));
    assert_eq!(own.run(&["review", "scenarios/primer", "--accept", "--all"]).exit, Some(0));
    assert_eq!((own.bytes("ladder.snap"), own.bytes("ladder.snap.new")), (waits, String::new()));
    assert_eq!(own.compare(), Some(0));
}

#[test]
fn new_gone_and_damaged_snapshots_are_each_told_as_such() {
    let own = Copy::new();
    let folder = own.path("scenarios/primer/snapshots");
    fs::remove_file(folder.join("quarrel.snap")).expect("it was there");
    fs::copy(folder.join("ladder.snap"), folder.join("long-gone.snap")).expect("a copy");
    // A file that a killed run left beside is no snapshot, and in nobody's way.
    fs::write(folder.join(".ladder.snap.1.part"), "half a fi").expect("a file");
    let ran = own.run(&["test", "scenarios/primer", "--snapshots"]);
    assert_eq!(ran.exit, Some(1));
    for wanted in ["new     quarrel", "gone    long-gone", "4 equal"] {
        assert!(
            ran.out.contains(wanted) || wanted == "4 equal" && ran.out.contains("5 equal"),
            "{wanted}: {}",
            ran.out
        );
    }
    let list = own.run(&["review", "scenarios/primer", "--list"]);
    assert_eq!((list.exit, list.out.as_str()), (Some(1), "gone    long-gone\nnew     quarrel\n"));
    assert_eq!(own.run(&["review", "scenarios/primer", "--accept", "--all"]).exit, Some(0));
    assert!(folder.join("quarrel.snap").is_file() && !folder.join("long-gone.snap").exists());
    assert_eq!(own.compare(), Some(0));

    // What waits goes once the conclusions are as stored again.
    fs::copy(folder.join("ladder.snap"), folder.join("quarrel.snap.new")).expect("a copy");
    assert_eq!(own.compare(), Some(0));
    assert!(!folder.join("quarrel.snap.new").exists());

    let whole = own.bytes("quarrel.snap");
    let half = &whole[..whole.len() / 2];
    for damaged in ["", "---\n", "no head", half, &whole.replacen("cell ", "cel ", 1), &whole.replace('#', "#f")] {
        fs::write(folder.join("quarrel.snap"), damaged).expect("a file");
        let ran = own.run(&["test", "scenarios/primer", "--snapshots"]);
        assert_eq!(ran.exit, Some(2), "{damaged:.60}");
        assert!(ran.err.contains("quarrel.snap") && ran.err.contains("bad-snapshot"), "{}", ran.err);
        assert_eq!(own.run(&["review", "scenarios/primer"]).exit, Some(2));
        assert_eq!(own.bytes("quarrel.snap"), *damaged, "what cannot be read is not written over");
    }
    fs::write(folder.join("quarrel.snap"), b"---\nsource: \xff\n---\n").expect("a file");
    assert_eq!(own.compare(), Some(2));
    let named = own.run(&["test", "primer", "--snapshots"]);
    assert_eq!((named.exit, named.err.contains("name its folder: scenarios/primer")), (Some(2), true), "{}", named.err);
}
