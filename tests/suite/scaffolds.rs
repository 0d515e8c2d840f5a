//! What `mandatum new` writes loads, passes and speaks at once, and nothing that exists is touched; what editors match.

#![expect(clippy::panic, clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mandatum::ask::vocabulary::{WORDS, Word};
use mandatum::load::PackFiles;
use mandatum::reference::{definitions, example, ids, schema, suits};
use mandatum::render::reference::reference;
use mandatum::session::Session;
use mandatum::shipped;
use regex::Regex;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder to write in")
}

/// What a command printed and how it ended.
struct Ran {
    exit: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn ends(self, exit: i32) -> Self {
        assert_eq!(self.exit, Some(exit), "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }
}

fn mandatum<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_mandatum"))
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Ran { exit: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A new pack in a scratch folder.
fn pack(folder: &tempfile::TempDir) -> PathBuf {
    let pack = folder.path().join("mine");
    mandatum([OsStr::new("new"), pack.as_os_str()]).ends(0);
    pack
}

/// `mandatum new WHAT .. --in PACK`, with whatever else.
fn new(what: &[&str], pack: &Path) -> Ran {
    let mut arguments: Vec<&OsStr> = [&["new"], what].concat().into_iter().map(OsStr::new).collect();
    arguments.extend([OsStr::new("--in"), pack.as_os_str()]);
    mandatum(arguments)
}

/// Every file below a folder with its text.
fn texts(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.clone(), fs::read_to_string(&path).expect("a text"));
            }
        }
    }
    found
}

/// A pack checks: no error anywhere, and nothing to say of what was added to it but that it is a sketch.
fn checks(pack: &Path) {
    let checked =
        mandatum([OsStr::new("check"), pack.as_os_str(), OsStr::new("--format"), OsStr::new("short")]).ends(0);
    let sketched = ["[unfinished]", "[identical-rule]"];
    for line in checked.out.lines() {
        assert!(sketched.iter().any(|code| line.contains(code)), "{}", checked.out);
    }
}

#[test]
fn a_new_scenario_loads_holds_and_expects_something() {
    let folder = scratch();
    let pack = pack(&folder);
    let ran = new(&["scenario", "second-dam", "--date", "2011-02"], &pack).ends(0);
    assert!(ran.out.contains("second-dam.toml"), "{}", ran.out);
    let text = fs::read_to_string(pack.join("second-dam.toml")).expect("the scenario");
    assert!(text.starts_with("#:schema ./.schema/scenario.json\n"), "{text}");
    assert!(text.contains("date = \"2011-02\""), "{text}");
    assert_eq!(text.matches("[[expect]]").count(), 2, "{text}");
    checks(&pack);
    for (wrong, said) in [
        (&["scenario", "second-dam"] as &[&str], "exists"),
        (&["scenario", "third", "--threat", "floood"], "did you mean `flood`?"),
        (&["scenario", "third", "--affected", "XAB"], "did you mean `XAA`?"),
        (&["scenario", "third", "--date", "spring"], "is no date"),
        (&["scenario", "pack"], "cannot name a scenario"),
    ] {
        let before = texts(&pack);
        let refused = new(wrong, &pack).ends(2);
        assert!(refused.err.contains(said), "{wrong:?}: {}", refused.err);
        assert_eq!(texts(&pack), before, "{wrong:?} wrote something");
    }
}

#[test]
fn a_new_rule_of_every_stage_speaks_and_changes_nothing_else() {
    let folder = scratch();
    let pack = pack(&folder);
    let world = pack.join("world/world.toml");
    let facts = fs::read_to_string(&world).expect("the facts");
    let source = ["--source", "smith-2020", "--at", "p. 12"];
    let first =
        [&["rule", "smith-sees"], &source[..], &["--title", "On \"Floods\"", "--kind", "paper", "--lens"]].concat();
    let ran = new(&first, &pack).ends(0);
    assert!(ran.out.contains("added to"), "{}", ran.out);
    assert!(ran.out.contains("  title = \"On \\\"Floods\\\"\"\n"), "{}", ran.out);
    let now = fs::read_to_string(&world).expect("the facts");
    assert!(now.starts_with(&facts) && now.len() > facts.len(), "something was lost:\n{now}");
    for stage in ["question", "need", "coverage", "finding", "assessment"] {
        let name = format!("smith-{stage}");
        let ran = new(&[&["rule", &name, "--stage", stage], &source[..]].concat(), &pack).ends(0);
        assert!(ran.out.contains(&format!("it speaks: first {name}@dam/XAA")), "{}", ran.out);
        let text = fs::read_to_string(pack.join(format!("rules/{name}.rhai"))).expect("the rule");
        assert!(text.contains("//! @source smith-2020") && text.contains("/// @at p. 12"), "{text}");
        checks(&pack);
    }
    for each in ["case", "organisation"] {
        let named = ["rule", &format!("smith-{each}"), "--stage", "assessment", "--each", each];
        new(&[&named, &source[..]].concat(), &pack).ends(0);
    }
    checks(&pack);
    // The same rule again, and rules that cannot be.
    for (wrong, said) in [
        ([&["rule", "smith-sees"], &source[..]].concat(), "there is a rule `smith-sees` already"),
        (vec!["rule", "other"], "--source KEY, --at"),
        (vec!["rule", "other", "--source", "chartr", "--at", "art. 1"], "did you mean `charter`?"),
        (vec!["rule", "other", "--source", "new-2001", "--at", "art. 1"], "--title TEXT, --kind treaty|official"),
        ([&["rule", "other", "--title", "T", "--kind", "paper"], &source[..]].concat(), "is there already"),
        ([&["rule", "other", "--threats", "fire"], &source[..]].concat(), "there is no threat `fire`"),
        ([&["rule", "other", "--functions", "relief"], &source[..]].concat(), "did you mean `relieve`?"),
        ([&["rule", "other", "--claim", "c-1"], &source[..]].concat(), "there is no claim `c-1`"),
        ([&["rule", "other", "--stage", "need", "--each", "pair"], &source[..]].concat(), "does not run for each pair"),
        ([&["rule", "3-things"], &source[..]].concat(), "cannot name a rule"),
    ] {
        let before = texts(&pack);
        let refused = new(&wrong, &pack).ends(2);
        assert!(refused.err.contains(said), "{wrong:?}: {}", refused.err);
        assert_eq!(texts(&pack), before, "{wrong:?} wrote something");
    }
}

#[test]
fn a_new_rule_about_responses_and_overlaps_speaks_in_a_richer_pack() {
    let folder = scratch();
    let pack = folder.path().join("sea");
    mandatum([OsStr::new("new"), OsStr::new("pack"), pack.as_os_str(), OsStr::new("--from"), OsStr::new("primer")])
        .ends(0);
    for each in ["response", "overlap"] {
        let name = format!("fathom-{each}");
        let ran = new(&["rule", &name, "--source", "fathom-2015", "--at", "p. 3", "--each", each], &pack).ends(0);
        assert!(ran.out.contains("it speaks: "), "{each}: {}", ran.out);
    }
    checks(&pack);
}

#[test]
fn a_new_test_has_a_case_for_each_path_and_fits_its_schema() {
    let folder = scratch();
    let pack = pack(&folder);
    let ran = new(&["test", "charter-3-consult"], &pack).ends(0);
    assert!(ran.out.contains("3 cases"), "{}", ran.out);
    let path = pack.join("rules/charter-3-consult.test.toml");
    let text = fs::read_to_string(&path).expect("the test");
    assert!(text.contains("says = [\"stops(LEAGUE, consult, reach)\"]"), "{text}");
    assert_eq!(text.matches("silent = true").count(), 2, "{text}");
    assert_eq!(text.matches("bound_by(charter)").count(), 4, "each answer stands in its case and its note: {text}");
    let written = fs::read_to_string(pack.join(".schema/tests.json")).expect("the schema");
    assert!(written.contains("charter-3-consult"), "the rule may be named");
    let schema: Value = serde_json::from_str(&written).expect("JSON");
    let validator = jsonschema::draft7::new(&schema).expect("a schema");
    let value = super::reference::parsed(&text);
    assert!(validator.is_valid(&value), "{text}");
    checks(&pack);
    for (wrong, said) in [
        (&["test", "charter-3-consult"] as &[&str], "exists"),
        (&["test", "charter-3-consul"], "did you mean `charter-3-consult`?"),
        (&["test", "core-within-mandate"], "in the pack"),
    ] {
        let before = texts(&pack);
        let refused = new(wrong, &pack).ends(2);
        assert!(refused.err.contains(said) || refused.err.contains("engine"), "{wrong:?}: {}", refused.err);
        assert_eq!(texts(&pack), before, "{wrong:?} wrote something");
    }
}

#[test]
fn a_folder_without_a_pack_is_no_place_for_anything() {
    let folder = scratch();
    for what in ["scenario", "rule", "test"] {
        let refused = new(&[what, "some"], folder.path()).ends(2);
        assert!(refused.err.contains("holds no pack.toml") && refused.err.contains("mandatum new"), "{}", refused.err);
    }
    let refused = new(&["scenario", "some"], Path::new("primer")).ends(2);
    assert!(refused.err.contains("--from primer"), "{}", refused.err);
    // A pack that is broken is mended first.
    let pack = pack(&folder);
    fs::write(pack.join("world/more.toml"), "[[state]]\nid = \"XBB\"\n").expect("a file");
    let refused = new(&["rule", "some", "--source", "charter", "--at", "art. 1"], &pack).ends(2);
    assert!(refused.err.contains("needs `name`") && refused.err.contains("mend"), "{}", refused.err);
}

#[test]
fn what_new_writes_fits_its_own_schemas_and_an_unknown_id_does_not() {
    let folder = scratch();
    let pack = pack(&folder);
    new(&["scenario", "second-dam"], &pack).ends(0);
    let mut tried = 0;
    for (path, text) in texts(&pack) {
        let Some(line) = text.lines().next().and_then(|line| line.strip_prefix("#:schema ")) else { continue };
        let schema = fs::read_to_string(path.parent().expect("a folder").join(line)).expect("the schema it names");
        let schema: Value = serde_json::from_str(&schema).expect("JSON");
        let validator = jsonschema::draft7::new(&schema).expect("a schema");
        assert!(validator.is_valid(&super::reference::parsed(&text)), "{}", path.display());
        tried += 1;
        if text.contains("threat = \"flood\"") {
            let wrong = super::reference::parsed(&text.replace("threat = \"flood\"", "threat = \"floood\""));
            let said: Vec<String> = validator.iter_errors(&wrong).map(|error| error.to_string()).collect();
            assert_eq!(said, ["\"floood\" is not one of \"flood\""], "{}", path.display());
        }
    }
    assert_eq!(tried, 5, "pack.toml, a file of facts, a file of tests and two scenarios");
}

// --- The reference and the schemas on the command line -------------------------------------------------------------------

#[test]
fn the_shipped_reference_is_current() {
    for (file, text) in reference() {
        let path = root().join("docs/reference").join(file);
        let old = fs::read_to_string(&path).unwrap_or_default();
        assert!(old == text, "{} is stale: cargo run --release -- docs --reference", path.display());
    }
    mandatum(["docs", "--reference", "--check"]).ends(0);
}

#[test]
fn schemas_are_printed_and_written() {
    let folder = scratch();
    let printed: Value =
        serde_json::from_str(&mandatum(["schema", "scenario", "--pack", "primer"]).ends(0).out).expect("JSON");
    let session = Session::new(&shipped::pack("primer"), None);
    let known = ids(&session.pack, &session.rules);
    assert_eq!(printed, schema(mandatum::reference::file("scenario").expect("a kind"), Some(&known)));
    assert_eq!(mandatum(["schema", "rules"]).ends(0).out, definitions());
    let into = folder.path().join("schemas");
    mandatum([OsStr::new("schema"), OsStr::new("all"), OsStr::new("--output"), into.as_os_str()]).ends(0);
    let files: Vec<String> =
        texts(&into).keys().map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    assert_eq!(files, ["pack.json", "predictions.json", "rules.d.rhai", "scenario.json", "tests.json", "world.json"]);
    mandatum(["schema", "all"]).ends(2);
    mandatum(["schema", "evaluation", "--pack", "primer"]).ends(2);
    mandatum(["schema", "scenario", "--output", "somewhere"]).ends(2);
    mandatum(["schema", "scenario", "--pack", "no-such-pack"]).ends(2);
}

/// What the examples name beside the pack that `new` writes.
const MORE: &str = r#"
[[organisation]]
id = "UNION"
name = "Example Union"
[[function]]
id = "open-shelters"
definition = "Take people in who had to leave their homes."
example = "Schools are opened for the night."
near_miss = "Tents on the spot."
[[attribute]]
state = "XAA"
attribute = "landlocked"
source = "charter"
[[judgement]]
id = "readiness"
text = "How ready the League is."
scale = [0, 1]
low = "not at all"
high = "fully"
[[question]]
id = "help-is-near"
text = "Is help near?"
[[proposition]]
id = "league-is-late"
text = "The League comes too late."
source = "charter"
[[what-if]]
id = "league-relieves"
changes = []
"#;

/// The example of a word in a rule that may hold it.
fn rule_with(word: &Word) -> String {
    let each = suits(word).map(|each| format!("/// @each {each}\n")).unwrap_or_default();
    let line = example(word);
    let says = match (word.emits, word.each.contains(&mandatum::ask::vocabulary::Each::State)) {
        (true, _) => String::new(),
        (false, true) => "flag_gap(\"relieve\", \"so it is\")".to_owned(),
        (false, false) => "asserts(\"league-is-late\")".to_owned(),
    };
    let line = line.replace("..", &format!("{says};"));
    format!("//! @source charter\n/// @at art. 9\n{each}fn example_{}(situation) {{\n    {line}\n}}\n", word.name)
}

#[test]
fn every_example_of_a_word_compiles_in_the_pack_that_new_writes() {
    let folder = scratch();
    let pack = pack(&folder);
    let read = |name: &str| fs::read(pack.join(name)).expect("a file");
    let mut files = PackFiles::default();
    files.world.insert("pack.toml".into(), read("pack.toml"));
    files.world.insert("world/world.toml".into(), read("world/world.toml"));
    files.world.insert("world/more.toml".into(), MORE.into());
    files.scenarios.insert("first.toml".into(), read("first.toml"));
    files.rules.insert("rules/charter.rhai".into(), read("rules/charter.rhai"));
    for word in WORDS {
        files.rules.insert(format!("rules/example-{}.rhai", word.name), rule_with(word).into_bytes());
    }
    let session = Session::new(&files, None);
    assert!(session.problems.is_empty(), "{:#?}", session.problems);
    assert_eq!(session.rules.rules.len(), WORDS.len() + 1);
    // A wrong example would show.
    let word = WORDS.iter().find(|word| word.name == "bound_by").expect("a word");
    files.rules.insert(
        "rules/wrong.rhai".into(),
        rule_with(word).replace("\"charter\"", "\"chart\"").replace("example_", "wrong_").into_bytes(),
    );
    assert!(!Session::new(&files, None).problems.is_empty());
}

// --- Shells, manual, editors ---------------------------------------------------------------------------------------------

#[test]
fn completions_and_manual_pages_cover_every_command() {
    let help = mandatum(["--help"]).ends(0).out;
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = mandatum(["completions", shell]).ends(0).out;
        for command in &commands {
            assert!(script.contains(command), "{shell}: {command}");
        }
        assert!(script.contains("what-happened"), "{shell}: options are completed too");
    }
    let folder = scratch();
    let script = folder.path().join("mandatum.bash");
    fs::write(&script, mandatum(["completions", "bash"]).out).expect("a file");
    if let Ok(sourced) =
        Command::new("bash").arg("-c").arg("source \"$0\" && complete -p mandatum").arg(&script).output()
    {
        assert!(sourced.status.success(), "{}", String::from_utf8_lossy(&sourced.stderr));
    }
    let pages = folder.path().join("man");
    mandatum([OsStr::new("man"), OsStr::new("--output"), pages.as_os_str()]).ends(0);
    let pages = texts(&pages);
    for command in commands
        .iter()
        .map(|command| format!("mandatum-{command}.1"))
        .chain(["mandatum.1".to_owned(), "mandatum-new-rule.1".to_owned()])
    {
        let (_, page) =
            pages.iter().find(|(path, _)| path.ends_with(&command)).unwrap_or_else(|| panic!("no {command}"));
        for part in [".TH ", ".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION"] {
            assert!(page.contains(part), "{command} has no {part}");
        }
    }
    assert!(mandatum(["man"]).ends(0).out.contains("mandatum\\-evaluate(1)"));
}

/// Every problem of what was printed, as a pair of patterns finds it: severity, code, file, line, column.
fn matched(text: &str, head: &Regex, place: &Regex) -> Vec<[String; 5]> {
    let lines: Vec<&str> = text.lines().collect();
    let pairs = lines.windows(2).filter_map(|pair| {
        let [one, two] = pair else { return None };
        let (head, place) = (head.captures(one)?, place.captures(two)?);
        Some([&head[1], &head[2], &place[1], &place[2], &place[3]].map(str::to_owned))
    });
    pairs.collect()
}

#[test]
fn the_patterns_for_editors_find_every_problem_that_is_printed() {
    let folder = scratch();
    let pack = pack(&folder);
    let scenario = pack.join("first.toml");
    let text = fs::read_to_string(&scenario).expect("the scenario");
    fs::write(&scenario, text.replace("threat = \"flood\"", "threat = \"floood\"").replace("question =", "qestion ="))
        .expect("a file");
    let rule = pack.join("rules/charter.rhai");
    let script = fs::read_to_string(&rule).expect("the rule");
    fs::write(&rule, script.replace("bound_by", "bund_by")).expect("a file");
    let ran = mandatum([OsStr::new("check"), pack.as_os_str()]).ends(2);
    let tasks = fs::read_to_string(root().join("docs/editors/tasks.json")).expect("the tasks");
    let tasks: Value = serde_json::from_str(&tasks).expect("JSON");
    let patterns = &tasks["tasks"][0]["problemMatcher"]["pattern"];
    let pattern = |index: usize| Regex::new(patterns[index]["regexp"].as_str().expect("a pattern")).expect("a pattern");
    let found = matched(&ran.err, &pattern(0), &pattern(1));
    let line = |text: &str, part: &str| text.lines().position(|line| line.contains(part)).expect("a line") + 1;
    let at = |path: &Path| path.to_string_lossy().into_owned();
    for (code, path, line) in [
        ("unknown-id", &scenario, line(&text, "threat = ")),
        ("unknown-key", &scenario, line(&text, "question = ")),
        ("unknown-function", &rule, line(&script, "bound_by")),
    ] {
        let own =
            found.iter().find(|own| own[1] == code).unwrap_or_else(|| panic!("no {code} in {found:?}\n{}", ran.err));
        assert_eq!((&own[0], &own[2], &own[3]), (&"error".to_owned(), &at(path), &line.to_string()), "{}", ran.err);
    }
    let heads = ran.err.lines().filter(|line| line.starts_with("error[") || line.starts_with("warning[")).count();
    assert_eq!(found.len(), heads, "each problem is found once:\n{}", ran.err);
    // The same by the pattern for Emacs, whose brackets are written with backslashes.
    let lisp = fs::read_to_string(root().join("docs/editors/mandatum.el")).expect("the Emacs file");
    let texts: Vec<&str> = lisp.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix('"')).collect();
    let read = |text: &str| {
        let plain = text.replace("\\\\(", "(").replace("\\\\)", ")").replace("\\\\|", "|").replace("\\\\", "\\");
        Regex::new(&format!("(?m){}", plain.replace("\\n", "\n"))).expect("a pattern")
    };
    assert_eq!(read(texts[0]).captures_iter(&ran.err).count(), heads, "{}", texts[0]);
    // One line for each problem.
    let one = fs::read_to_string(root().join("docs/editors/one-line.json")).expect("the matcher");
    let one: Value = serde_json::from_str(&one).expect("JSON");
    let one = Regex::new(one["pattern"]["regexp"].as_str().expect("a pattern")).expect("a pattern");
    let written: Vec<String> = found
        .iter()
        .map(|[severity, code, file, line, column]| {
            format!("{file}:{line}:{column}: {severity}[{code}]: there is no `x`: y")
        })
        .collect();
    for (line, own) in written.iter().zip(&found) {
        let found = one.captures(line).expect("a match");
        assert_eq!([&found[4], &found[5], &found[1], &found[2], &found[3]].map(str::to_owned), *own);
        assert_eq!(found[6], *"there is no `x`: y");
        assert!(read(texts[1]).is_match(line), "{line}");
    }
}
