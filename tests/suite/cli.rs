//! The command line as its users meet it: exit codes, messages, bytes, and every command that the documents print.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn mandatum<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_mandatum"))
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the binary starts");
    Ran::of(&output)
}

struct Ran {
    exit: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    /// Whatever was asked: no panic, no escape codes in a pipe, text in UTF-8.
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
        let ran = Ran { exit: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) };
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "escape codes in a pipe: {}", ran.err);
        ran
    }

    fn ends(self, exit: i32) -> Self {
        assert_eq!(self.exit, Some(exit), "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }
}

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder to write in")
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(&path, text).expect("a file");
    path
}

fn bytes_of(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push((path.clone(), fs::read(&path).expect("a file")));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn evaluate_ends_clean_and_with_one_only_if_asked_to_fail_on_what_is_there() {
    let page = mandatum(["evaluate"]).ends(0);
    assert!(page.out.starts_with("Batken 1999"), "{}", page.out);
    assert!(page.err.is_empty(), "{}", page.err);
    mandatum(["evaluate", "primer/ladder"]).ends(0);
    let failed = mandatum(["evaluate", "primer/ladder", "--fail-on", "gap"]).ends(1);
    assert!(failed.out.contains("Eight steps"), "the page is printed all the same");
    mandatum(["evaluate", "primer/ladder", "--fail-on", "contested"]).ends(0);
    mandatum(["evaluate", "primer/arguments", "--fail-on", "breach,contested"]).ends(1);
    let usage = mandatum(["evaluate", "primer/ladder", "--fail-on", "gaps"]).ends(2);
    assert!(usage.err.contains("gap"), "{}", usage.err);
}

#[test]
fn usage_errors_end_with_two_and_help_with_zero() {
    mandatum(["--help"]).ends(0);
    mandatum(["--version"]).ends(0);
    for wrong in [&[] as &[&str], &["evalute"], &["evaluate", "--as-of", "1999-13"], &["explain", "batken-1999"]] {
        let ran = mandatum(wrong).ends(2);
        assert!(!ran.err.is_empty(), "{wrong:?} says nothing");
    }
    let account = mandatum(["evaluate", "primer/same-cell-other-day", "--account", "cuort"]).ends(2);
    assert!(account.err.contains("court"), "{}", account.err);
    let lens = mandatum(["evaluate", "primer/ladder", "--lens", "fathom-2051"]).ends(2);
    assert!(lens.err.contains("fathom-2015"), "{}", lens.err);
    mandatum(["brief", "primer/ladder", "--format", "json"]).ends(2);
    mandatum(["explain", "primer/ladder", "raid/XBB/dance"]).ends(2);
}

#[test]
fn an_unknown_scenario_is_named_with_a_near_one() {
    let ran = mandatum(["evaluate", "batken-1998"]).ends(2);
    assert!(ran.out.is_empty());
    assert!(ran.err.contains("did you mean `batken-1999`"), "{}", ran.err);
    let ran = mandatum(["new", "target/never", "--from", "central-asla"]).ends(2);
    assert!(ran.err.contains("central-asia"), "{}", ran.err);
    assert!(!root().join("target/never").exists());
}

#[test]
fn a_broken_file_shows_all_its_problems_with_their_places() {
    let folder = scratch();
    let text = "title = \"x\"\ndate = 2010-01-01\ncolour = \"red\"\n[[case]]\nid = \"c\"\nthreat = \"armed-incursoin\"\naffected = [\"TKJ\"]\n";
    let path = write(folder.path(), "broken.toml", text);
    let ran = mandatum([OsStr::new("evaluate"), path.as_os_str()]).ends(2);
    assert!(ran.out.is_empty(), "{}", ran.out);
    for wanted in ["colour", "armed-incursion", "TJK", "broken.toml:3", "broken.toml:6", "broken.toml:7"] {
        assert!(ran.err.contains(wanted), "{wanted} is missing: {}", ran.err);
    }
    let more = "for more about a kind of problem: mandatum explain unknown-key (or unknown-id)\n";
    assert!(ran.err.ends_with(more) && ran.err.matches("for more about").count() == 1, "{}", ran.err);
    let page = mandatum(["explain", "unknown-key"]).ends(0);
    assert_eq!(page.out, include_str!("../../docs/problems/unknown-key.md"), "in a pipe the page is its Markdown");
    let ran = mandatum(["explain", "unknown-kay"]).ends(2);
    assert!(ran.err.contains("did you mean `unknown-key`?"), "{}", ran.err);
    for (name, bytes) in [("latin.toml", &b"title = \"\xe9\"\n"[..]), ("empty.toml", b""), ("nul.toml", b"\0\0\0")] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("a file");
        let ran = mandatum([OsStr::new("evaluate"), path.as_os_str()]).ends(2);
        assert!(ran.err.contains(name), "{}", ran.err);
    }
}

#[test]
fn a_hostile_rule_ends_with_two_and_the_page_is_printed_all_the_same() {
    for (name, body, wanted) in [
        ("endless", "fn x(s) { x(s) }\nfn endless(situation) { x(situation); }", "endless"),
        ("broken", "fn broken(situation) { if ", "broken"),
        ("unknown", "/// @at p. 1\nfn unknown(situation) { situation.wish(\"x\"); }", "wish"),
    ] {
        let folder = scratch();
        write(folder.path(), &format!("{name}.rhai"), &format!("//! @source core\n\n{body}\n"));
        let ran = mandatum([
            OsStr::new("evaluate"),
            OsStr::new("primer/ladder"),
            OsStr::new("--rules"),
            folder.path().as_os_str(),
        ])
        .ends(2);
        assert!(ran.err.contains(wanted) && ran.err.contains(".rhai"), "{name}: {}", ran.err);
        assert!(ran.out.contains("Eight steps"), "{name}: no page: {}", ran.out);
    }
}

#[test]
fn paths_that_are_no_scenario_end_with_two_and_a_message() {
    let folder = scratch();
    fs::create_dir(folder.path().join("bare")).expect("a folder");
    fs::create_dir(folder.path().join("folder.toml")).expect("a folder");
    write(folder.path(), "pack/pack.toml", "id = \"pack\"\ntitle = \"Pack\"\n");
    fs::create_dir_all(folder.path().join("pack/world/trap.toml")).expect("a folder");
    write(folder.path(), "lonely/pack.toml", "id = \"lonely\"\ntitle = \"Lonely\"\n");
    write(folder.path(), "stray/stray.toml", "pack = \"central-asla\"\ntitle = \"x\"\ndate = 2010-01-01\n");
    for (name, wanted) in [
        ("bare", "no pack"),
        ("folder.toml", "no pack"),
        ("missing.toml", "no file"),
        ("pack", "trap.toml` cannot be read"),
        ("lonely", "no scenario"),
        ("stray/stray.toml", "central-asia"),
    ] {
        for command in ["evaluate", "check", "brief"] {
            let path = folder.path().join(name);
            let ran = mandatum([OsStr::new(command), path.as_os_str()]).ends(2);
            assert!(ran.out.is_empty(), "{command} {name}: {}", ran.out);
            assert!(ran.err.contains(wanted), "{command} {name}: {}", ran.err);
        }
    }
    let missing = folder.path().join("no-such-folder");
    let ran =
        mandatum([OsStr::new("evaluate"), OsStr::new("primer"), OsStr::new("--rules"), missing.as_os_str()]).ends(2);
    assert!(ran.err.contains("no-such-folder"), "{}", ran.err);
}

#[test]
fn why_a_file_cannot_be_read_is_said() {
    let folder = scratch();
    write(folder.path(), "pack/pack.toml", "id = \"pack\"\ntitle = \"Pack\"\n");
    fs::create_dir_all(folder.path().join("pack/world/trap.toml")).expect("a folder");
    let ran = mandatum([OsStr::new("evaluate"), folder.path().join("pack").as_os_str()]).ends(2);
    assert!(ran.err.contains("it is a folder"), "{}", ran.err);
    let missing = folder.path().join("no-such-folder");
    let ran = mandatum([OsStr::new("check"), OsStr::new("primer"), OsStr::new("--rules"), missing.as_os_str()]).ends(2);
    assert!(ran.err.contains("there is no such file"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_a_circle_or_nowhere_end_with_two_and_a_message() {
    use std::os::unix::fs::symlink;
    let folder = scratch();
    symlink("b.toml", folder.path().join("a.toml")).expect("a link");
    symlink("a.toml", folder.path().join("b.toml")).expect("a link");
    symlink("nothing", folder.path().join("dead.toml")).expect("a link");
    for name in ["a.toml", "dead.toml"] {
        let path = folder.path().join(name);
        let ran = mandatum([OsStr::new("evaluate"), path.as_os_str()]).ends(2);
        assert!(ran.err.contains(name) && ran.err.contains("cannot be read"), "{}", ran.err);
    }
    write(folder.path(), "pack/pack.toml", "id = \"pack\"\ntitle = \"Pack\"\n");
    symlink("self.toml", folder.path().join("pack/self.toml")).expect("a link");
    symlink(folder.path().join("pack"), folder.path().join("pack/world")).expect("a link");
    let path = folder.path().join("pack");
    let ran = mandatum([OsStr::new("check"), path.as_os_str()]).ends(2);
    assert!(ran.err.contains("self.toml"), "{}", ran.err);
}

#[test]
fn a_copied_pack_evaluates_and_checks_and_is_never_overwritten() {
    let folder = scratch();
    for (name, from) in [("mine", Some("central-asia")), ("sea", Some("primer")), ("blank", None)] {
        let pack = folder.path().join(name);
        let mut arguments = vec![OsStr::new("new"), pack.as_os_str()];
        arguments.extend(from.iter().flat_map(|from| [OsStr::new("--from"), OsStr::new(*from)]));
        mandatum(&arguments).ends(0);
        let evaluated = mandatum([OsStr::new("evaluate"), pack.as_os_str()]).ends(0);
        assert!(evaluated.err.is_empty(), "{name}: {}", evaluated.err);
        let checked = mandatum([OsStr::new("check"), pack.as_os_str()]).ends(0);
        assert!(checked.out.contains("no problems"), "{name}: {}", checked.out);
        assert!(checked.err.is_empty(), "{name}: {}", checked.err);
        let before = bytes_of(&pack);
        assert!(before.len() >= 4, "{before:?}");
        let refused = mandatum(&arguments).ends(2);
        assert!(refused.err.contains("exists"), "{}", refused.err);
        assert!(bytes_of(&pack) == before, "{name} was touched");
    }
    let left: BTreeSet<String> = fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(left, ["blank", "mine", "sea"].map(str::to_owned).into(), "nothing half written is left behind");
    let file = write(folder.path(), "taken", "mine");
    mandatum([OsStr::new("new"), file.as_os_str()]).ends(2);
    assert_eq!(fs::read_to_string(&file).expect("the file"), "mine");
}

// --- JSON ----------------------------------------------------------------------------------------------------------------

/// Everything in a value that its schema does not describe.
pub fn undescribed(value: &Value, schema: &Value, whole: &Value, at: &str, found: &mut BTreeSet<String>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = whole.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null);
        assert!(target.is_object(), "{reference} leads nowhere");
        return undescribed(value, target, whole, at, found);
    }
    for word in ["anyOf", "oneOf"] {
        if let Some(choices) = schema.get(word).and_then(Value::as_array) {
            // One of the choices has to describe it in full.
            let tries = choices.iter().map(|choice| {
                let mut own = BTreeSet::new();
                undescribed(value, choice, whole, at, &mut own);
                own
            });
            found.extend(tries.min_by_key(BTreeSet::len).unwrap_or_default());
            return;
        }
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let legal = |word: &Value| word == kind || (kind == "number" && word == "integer");
    let typed = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(legal),
        Some(word) => legal(word),
        None => false,
    };
    let constant = schema.get("const").is_some_and(|constant| constant == value);
    let listed = schema.get("enum").and_then(Value::as_array).map(|values| values.contains(value));
    let wrong = schema.get("const").is_some() && !constant;
    if listed == Some(false) || wrong || !(typed || constant || listed == Some(true)) {
        found.insert(format!("{at}: {kind} {value:.0}"));
        return;
    }
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let own = schema.get("properties").and_then(|properties| properties.get(name));
                let any = schema.get("additionalProperties").filter(|any| any.is_object());
                match own.or(any) {
                    Some(described) => undescribed(field, described, whole, &format!("{at}.{name}"), found),
                    None => {
                        found.insert(format!("{at}.{name} is no property"));
                    }
                }
            }
            for required in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
                if required.as_str().is_some_and(|name| !fields.contains_key(name)) {
                    found.insert(format!("{at}.{required} is required and absent"));
                }
            }
        }
        // A tuple describes each place of its own.
        Value::Array(items) if schema.get("prefixItems").is_some() => {
            let places = schema.get("prefixItems").and_then(Value::as_array).into_iter().flatten();
            for (item, described) in items.iter().zip(places) {
                undescribed(item, described, whole, &format!("{at}[]"), found);
            }
            assert_eq!(schema.get("maxItems"), Some(&Value::from(items.len())), "{at}: a tuple has its length");
        }
        Value::Array(items) => match schema.get("items") {
            Some(described) => {
                for item in items {
                    undescribed(item, described, whole, &format!("{at}[]"), found);
                }
            }
            None => {
                found.extend((!items.is_empty()).then(|| format!("{at}[] is not described")));
            }
        },
        _ => {}
    }
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&mandatum(arguments).ends(0).out).expect("JSON")
}

#[test]
fn every_property_of_the_json_is_described_by_its_schema() {
    let schema = json(&["schema", "evaluation"]);
    for pack in ["primer", "central-asia", "docs/examples/tallinn-2007"] {
        let evaluated = json(&["evaluate", pack, "--format", "json"]);
        assert_eq!(evaluated["schema"], "mandatum/evaluation/1");
        assert!(evaluated["evaluations"].as_array().is_some_and(|all| !all.is_empty()));
        let mut found = BTreeSet::new();
        undescribed(&evaluated, &schema, &schema, "", &mut found);
        assert!(found.is_empty(), "{pack}: {found:#?}");
        // The check itself can fail: a property too many, and a word that is none.
        let mut wrong = evaluated.clone();
        wrong["evaluations"][0]["colour"] = "red".into();
        wrong["evaluations"][0]["cases"][0]["needs"][0]["states"][0]["used"] = "perhaps".into();
        let mut found = BTreeSet::new();
        undescribed(&wrong, &schema, &schema, "", &mut found);
        assert_eq!(found.len(), 2, "{found:#?}");
    }
    let schema = json(&["schema", "graph"]);
    for arguments in [&["graph", "primer/arguments"] as &[&str], &["graph", "batken-1999", "raid/KGZ/deploy-force"]] {
        let drawn = json(&[arguments, &["--format", "json"]].concat());
        assert_eq!(drawn["schema"], "mandatum/graph/1");
        let mut found = BTreeSet::new();
        undescribed(&drawn, &schema, &schema, "", &mut found);
        assert!(found.is_empty(), "{arguments:?}: {found:#?}");
    }
    let schema = json(&["schema", "explanation"]);
    for (scenario, id) in [("batken-1999", "raid/KGZ/deploy-force"), ("primer/ladder", "raid/XBB/train")] {
        let explained = json(&["explain", scenario, id, "--format", "json"]);
        let mut found = BTreeSet::new();
        undescribed(&explained, &schema, &schema, "", &mut found);
        assert!(found.is_empty(), "{id}: {found:#?}");
    }
    let schema = json(&["schema", "overlap"]);
    for more in [&["--as-of", "2012-01-01"] as &[&str], &["--from", "2003", "--until", "2004", "--parties"]] {
        let measured = json(&[&["overlap", "--format", "json"], more].concat());
        let mut found = BTreeSet::new();
        undescribed(&measured, &schema, &schema, "", &mut found);
        assert!(found.is_empty(), "{more:?}: {found:#?}");
    }
    let need = "raid/XDD/interdict";
    for (kind, arguments) in [
        ("check", &["check", "docs/examples/tallinn-2007"] as &[&str]),
        ("timeline", &["timeline", "primer/same-cell-other-day"]),
        ("atlas", &["atlas", "primer"]),
        ("diff", &["diff", "primer", "primer"]),
        ("repair", &["repair", "primer/ladder"]),
        ("pivots", &["pivots", "primer/ladder", "--need", need]),
        ("research", &["research", "primer"]),
        ("what-if", &["what-if", "primer/ladder", "XDD joins COAST-GUARD-UNION"]),
        ("test", &["test", "primer", "--coverage"]),
        ("comparison", &["compare", "primer/same-cell-other-day", "--as-of", "2014", "--as-of", "2017"]),
    ] {
        let (schema, printed) = (json(&["schema", kind]), json(&[arguments, &["--format", "json"]].concat()));
        assert_eq!(printed["schema"], format!("mandatum/{kind}/1"));
        let mut found = BTreeSet::new();
        undescribed(&printed, &schema, &schema, "", &mut found);
        assert!(found.is_empty(), "{kind}: {found:#?}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for arguments in [
        &["evaluate", "batken-1999", "--format", "json"] as &[&str],
        &["evaluate", "primer"],
        &["evaluate", "batken-1999", "--format", "markdown"],
        &["brief", "batken-1999"],
        &["explain", "batken-1999", "raid/KGZ/deploy-force", "--depth", "9"],
        &["check", "primer", "--format", "sarif"],
        &["timeline", "primer/same-cell-other-day", "--format", "svg"],
        &["timeline", "primer/same-cell-other-day", "--steps"],
        &["atlas", "primer", "--from", "2000", "--format", "csv"],
    ] {
        let (first, second) = (mandatum(arguments), mandatum(arguments));
        assert!(!first.out.is_empty(), "{arguments:?} prints nothing");
        assert_eq!((first.exit, first.out, first.err), (second.exit, second.out, second.err), "{arguments:?}");
    }
}

/// The handbook is written, found current, found stale, and never mixed with another pack's.
#[test]
fn a_handbook_is_written_checked_and_kept_apart() {
    let folder = scratch();
    let to = folder.path().to_string_lossy().into_owned();
    let docs = |pack: &str, more: &[&str]| mandatum([&["docs", pack, "--output", &to], more].concat());
    assert_eq!(docs("primer", &["--check"]).exit, Some(1), "nothing is written yet");
    assert_eq!(docs("primer", &[]).exit, Some(0));
    assert_eq!(docs("primer", &["--check"]).exit, Some(0));
    let page = folder.path().join("handbook/actors.md");
    fs::write(&page, "spoilt").expect("it can be written");
    let stale = docs("primer", &["--check"]);
    assert_eq!(stale.exit, Some(1));
    assert!(stale.out.contains("actors.md"), "{}", stale.out);
    let other = docs("central-asia", &[]);
    assert_eq!(other.exit, Some(2), "{}", other.out);
    assert!(other.err.contains("another pack"), "{}", other.err);
}

/// What does not exist is named with what is near, and ends with two.
#[test]
fn unknown_claims_rows_and_what_ifs_are_named_with_what_is_near() {
    for (arguments, near) in [
        (vec!["claims", "arg-003-sco-secnd"], "arg-003-sco-second"),
        (vec!["claims", "--source", "selezniov"], "selezniov-2017"),
        (vec!["claims", "--pack", "primer"], "no register"),
        (vec!["matrix", "drug"], "drugs"),
        (vec!["matrix", "--pack", "primer"], "[[matrix-row]]"),
        (vec!["what-if", "central-asia", "--id", "turkmenistan-scoo"], "turkmenistan-sco"),
        (vec!["compare", "kabul-2021"], "one side"),
    ] {
        let ran = mandatum(&arguments);
        assert_eq!(ran.exit, Some(2), "{arguments:?}: {}", ran.out);
        assert!(ran.err.contains(near), "{arguments:?}: {}", ran.err);
    }
}

/// A disk that is full is no clean end.
#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_ends_with_two() {
    for arguments in [&["check", "primer", "--format", "json"] as &[&str], &["evaluate", "primer/ladder"]] {
        let full = fs::File::options().write(true).open("/dev/full").expect("a device that is always full");
        let output = Command::new(env!("CARGO_BIN_EXE_mandatum"))
            .args(arguments)
            .current_dir(root())
            .stdout(full)
            .output()
            .expect("the binary starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains("cannot be written"), "{arguments:?}: {said}");
    }
}
