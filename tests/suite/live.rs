//! The prompt and the watch as their users meet them: lines through a pipe, saves while the process runs.

#![expect(clippy::panic, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mandatum"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// Lines through the prompt: how it ended, and what it printed.
fn typed(arguments: &[&str], lines: &str) -> (i32, String) {
    let mut child = binary()
        .arg("try")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("a pipe").write_all(lines.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(!err.contains("panicked"), "{err}");
    assert!(!out.contains('\u{1b}'), "escape codes in a pipe: {out}");
    assert!(err.is_empty(), "{err}");
    (output.status.code().expect("a code"), out)
}

fn blank() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let made = binary().arg("new").arg(folder.path().join("pack")).output().expect("the binary starts");
    assert!(made.status.success());
    folder
}

// --- try -----------------------------------------------------------------------------------------------------------------

#[test]
fn an_expression_shows_its_reads_in_order_with_the_facts_behind_them() {
    let (exit, out) = typed(
        &["batken-1999"],
        "situation.bound_by(\"cst-1992\") && situation.member_of(\"SCO\") || situation.is_dispute()\n",
    );
    assert_eq!(exit, 0, "{out}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.first(), Some(&"no"), "{out}");
    let at =
        |wanted: &str| lines.iter().position(|line| line.contains(wanted)).unwrap_or_else(|| panic!("{wanted}: {out}"));
    assert!(at("bound_by(cst-1992): yes") < at("since 1994-04-20"), "{out}");
    assert!(at("since 1994-04-20") < at("member_of(SCO): no"), "{out}");
    assert!(at("member_of(SCO): no") < at("is_dispute(): no"), "{out}");
    assert!(out.contains("no fact on record makes it so"), "{out}");
    // What is not asked is not shown.
    let (_, short) = typed(&["batken-1999"], "situation.is_dispute() && situation.member_of(\"SCO\")\n");
    assert!(!short.contains("member_of"), "{short}");
}

#[test]
fn what_nobody_says_is_open_and_the_day_and_the_case_can_be_moved() {
    let folder = blank();
    let pack = folder.path().join("pack");
    let pack = pack.to_str().expect("UTF-8");
    let (exit, out) = typed(
        &[pack],
        "situation.attacker_is(\"state\")\nsituation.attacker_is(\"state\") && situation.is_dispute()\n",
    );
    assert_eq!(exit, 0);
    assert!(out.starts_with("open: nobody says"), "{out}");
    assert!(out.contains("no, whatever is not settled"), "{out}");
    let lines = "situation.in_force(\"charter\")\n:as-of 1990-01-01\nsituation.in_force(\"charter\")\n:as-of\n:where\n";
    let (exit, out) = typed(&[pack], lines);
    assert_eq!(exit, 0, "{out}");
    let answers: Vec<&str> = out.lines().filter(|line| matches!(*line, "yes" | "no")).collect();
    assert_eq!(answers, ["yes", "no"], "{out}");
    assert!(out.contains("dam/XAA on 1990-01-01") && out.ends_with("dam/XAA on 2010-04-01\n"), "{out}");
    for wrong in [":case flood", ":state XZZ", ":account none", ":lens none", ":as-of never", ":walk", ":ids colour"] {
        let (exit, out) = typed(&[pack], &format!("{wrong}\n:where\n"));
        assert_eq!(exit, 2, "{wrong}: {out}");
        assert!(out.contains("error") && out.ends_with("dam/XAA on 2010-04-01\n"), "{wrong} moved: {out}");
    }
}

#[test]
fn a_bad_expression_is_told_as_the_loader_tells_it_and_ends_with_two() {
    for (line, code) in [
        ("situation.bound_by(\"cst-199\")", "unknown-id"),
        ("situation.wish(\"x\")", "unknown-function"),
        ("situation.threat", "bare-property"),
        ("passes(\"CSTO\", \"consult\", \"reach\")", "not-a-question"),
        ("situation.response_by(\"CSTO\")", "wrong-scope"),
        ("1 + 2", "beyond-subset"),
        ("3", "rule-failed"),
        ("situation.member_of(", "brackets"),
        ("siutation.is_dispute()", "unknown-variable"),
        ("while true { }", "beyond-subset"),
        (&format!("{}situation.is_dispute()", "!".repeat(400)), "too-large"),
    ] {
        let (exit, out) = typed(&["batken-1999"], &format!("{line}\nsituation.is_dispute()\n"));
        assert_eq!(exit, 2, "{line}: {out}");
        assert!(out.contains(&format!("error[{code}]")), "{line}: {out}");
        assert!(out.contains("\nno\n"), "the next line is asked all the same: {out}");
    }
}

const DRAFT: &str = "//! @source charter
/// The League may bring relief.
/// @at art. 9
fn league_relieves(situation) {
    if situation.member_of(\"LEAGUE\") {
        passes(\"LEAGUE\", \"relieve\", \"competence\");
    }
}
";

#[test]
fn a_draft_is_checked_run_judged_and_saved_once() {
    let folder = blank();
    let pack = folder.path().join("pack");
    let pack = pack.to_str().expect("UTF-8");
    let file = folder.path().join("draft.rhai");
    let file = file.to_str().expect("UTF-8");
    let (exit, out) = typed(&[pack], &format!("{DRAFT}:judge\n:paths\n:why dam/XAA/relieve\n:save {file}\n"));
    assert_eq!(exit, 0, "{out}");
    for wanted in [
        "league-relieves@dam/XAA says: LEAGUE passes competence for relieve",
        "LEAGUE passes competence for relieve is accepted",
        "member_of(LEAGUE): yes",
        "dam/XAA/relieve, on paper: gap → one-holder",
        "league-relieves: 2 paths",
        "is silent: member_of(LEAGUE): no",
        "dam/XAA/relieve: one-holder on paper",
    ] {
        assert!(out.contains(wanted), "{wanted} is missing: {out}");
    }
    let saved = fs::read_to_string(file).expect("the draft");
    assert!(saved.starts_with("//! @source charter\n") && saved.contains("fn league_relieves"), "{saved}");
    // What was saved loads as a rule of the pack, and is read again from its file; nothing is overwritten.
    let (exit, out) = typed(&[pack], &format!(":load {file}\n:save {file}\n"));
    assert_eq!(exit, 2);
    assert!(out.contains("is accepted") && out.contains("exists; nothing was written"), "{out}");
    assert_eq!(fs::read_to_string(file).expect("the draft"), saved);
    let checked = binary().args(["evaluate", pack, "--rules"]).arg(folder.path()).output().expect("the binary starts");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn a_draft_with_problems_is_told_as_in_a_pack() {
    let folder = blank();
    let pack = folder.path().join("pack");
    let pack = pack.to_str().expect("UTF-8");
    for (what, draft, code) in [
        ("no source", DRAFT.replace("//! @source charter\n", ""), "no-source"),
        ("no place", DRAFT.replace("/// @at art. 9\n", ""), "no-locator"),
        ("an unknown id", DRAFT.replace("member_of(\"LEAGUE\")", "member_of(\"LEGUE\")"), "unknown-id"),
        ("an id that is taken", DRAFT.replace("league_relieves", "charter_3_consult"), "duplicate-id"),
        (
            "recursion",
            DRAFT.replace("passes(\"LEAGUE\", \"relieve\", \"competence\")", "league_relieves(situation)"),
            "recursion",
        ),
    ] {
        let (exit, out) = typed(&[pack], &draft);
        assert_eq!(exit, 2, "{what}: {out}");
        assert!(out.contains(&format!("error[{code}]")), "{what}: {out}");
    }
    let (exit, out) = typed(&[pack], "fn a(situation) {\n");
    assert_eq!(exit, 2);
    assert!(out.contains("does not end"), "{out}");
    let (exit, out) = typed(&[pack], ":judge\n");
    assert_eq!(exit, 2);
    assert!(out.contains("there is no draft"), "{out}");
}

/// The session that the documentation shows is what comes of its lines.
#[test]
fn the_session_in_the_documentation_is_a_real_one() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/workbench.md")).expect("the page");
    let mut replayed = 0;
    for block in page.split("```text\n$ mandatum try ").skip(1) {
        let (shown, _) = block.split_once("```").expect("a block ends");
        let (arguments, shown) = shown.split_once('\n').expect("lines");
        let input: Vec<&str> =
            shown.lines().filter_map(|line| line.strip_prefix("> ").or_else(|| line.strip_prefix(". "))).collect();
        let mut arguments: Vec<&str> = arguments.split_whitespace().collect();
        arguments.push("--echo");
        let (_, out) = typed(&arguments, &format!("{}\n", input.join("\n")));
        assert_eq!(out, shown);
        replayed += 1;
    }
    assert!(replayed > 0, "the page shows no session");
}

// --- diff ----------------------------------------------------------------------------------------------------------------

/// Two copies of the blank pack; in the second the League's mandate is wider.
fn versions() -> tempfile::TempDir {
    let folder = blank();
    let (old, new) = (folder.path().join("pack"), folder.path().join("new"));
    let made = binary().arg("new").arg(&new).output().expect("the binary starts");
    assert!(made.status.success());
    fs::copy(old.join("pack.toml"), new.join("pack.toml")).expect("copied");
    let world = new.join("world/world.toml");
    let text = fs::read_to_string(&world).expect("the world");
    let wider = text.replace("functions = [\"consult\"]", "functions = [\"consult\", \"relieve\"]");
    assert_ne!(wider, text, "the blank pack has a mandate to widen");
    fs::write(&world, wider).expect("written");
    folder
}

#[test]
fn a_diff_fails_on_what_it_is_asked_to_fail_on_and_its_witness_is_replayed() {
    let folder = versions();
    let ran = |arguments: &[&str]| {
        let output =
            binary().current_dir(folder.path()).arg("diff").args(arguments).output().expect("the binary starts");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (exit, page, err) = ran(&["pack", "new"]);
    assert_eq!((exit, err.as_str()), (Some(0), ""), "{page}");
    assert!(page.contains("1 wider, 0 narrower, 0 incomparable"), "{page}");
    for (asked, exit) in [("wider", 1), ("any", 1), ("narrower", 0), ("incomparable", 0), ("narrower,wider", 1)] {
        assert_eq!(ran(&["pack", "new", "--fail-on", asked]).0, Some(exit), "{asked}");
    }
    assert_eq!(ran(&["new", "pack", "--fail-on", "narrower"]).0, Some(1), "the other way round it is narrower");
    assert_eq!(ran(&["pack", "pack", "--fail-on", "any"]).0, Some(0));
    for wrong in [
        &["pack"] as &[&str],
        &["pack", "nothing"],
        &["pack", "new", "--threat", "fire"],
        &["pack", "new", "--lens", "nobody"],
        &["pack", "new", "--from", "2010", "--until", "2009"],
        &["pack", "new", "--witness", "LEAGUE"],
        &["pack", "new", "--witness", "LEAGUE/fire/XAA/relieve@2010-04-01"],
    ] {
        let (exit, _, err) = ran(wrong);
        assert_eq!(exit, Some(2), "{wrong:?}");
        assert!(!err.is_empty(), "{wrong:?}");
    }
    let witness = page.split("--witness").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a witness");
    let (exit, scenario, _) = ran(&["pack", "new", "--witness", witness]);
    assert_eq!(exit, Some(0));
    for (side, answer) in [("pack", "gap"), ("new", "one-holder")] {
        let file = folder.path().join(side).join("witness.toml");
        fs::write(&file, &scenario).expect("written");
        let output =
            binary().arg("evaluate").arg(&file).args(["--format", "json"]).output().expect("the binary starts");
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let judged = json.pointer("/evaluations/0/cases/0/needs/0/states/0/on_paper/answer").expect("the cell");
        assert_eq!(judged, answer, "{side}: {scenario}");
        fs::remove_file(&file).expect("removed");
    }
    let (_, printed, _) = ran(&["pack", "new", "--format", "json"]);
    let printed: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    let schema = binary().args(["schema", "diff"]).output().expect("the binary starts");
    let schema: serde_json::Value = serde_json::from_slice(&schema.stdout).expect("JSON");
    let mut found = std::collections::BTreeSet::new();
    crate::cli::undescribed(&printed, &schema, &schema, "", &mut found);
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(printed.pointer("/changes/0/relation"), Some(&"wider".into()));
}

// --- watch ---------------------------------------------------------------------------------------------------------------

/// Longest wait for a block of the watch; a save is seen in a tenth of a second where nothing else runs.
const PATIENCE: Duration = Duration::from_secs(60);

struct Watched {
    child: Child,
    lines: Receiver<String>,
    all: String,
}

impl Watched {
    fn start(arguments: &[&OsStr]) -> Self {
        let mut child = binary()
            .arg("watch")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        Watched { child, lines, all: String::new() }
    }

    /// Reads on until a line holds this.
    fn until(&mut self, wanted: &str) -> &mut Self {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    self.all.push_str(&line);
                    self.all.push('\n');
                    if line.contains(wanted) {
                        return self;
                    }
                }
                Err(_) => panic!("`{wanted}` was not printed: {}", self.all),
            }
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Saves as many editors do: beside, then by name.
fn save(path: &Path, text: &str) {
    let beside = path.with_extension("toml~");
    fs::write(&beside, text).expect("written");
    fs::rename(&beside, path).expect("renamed");
}

#[test]
fn a_watch_shows_what_moved_keeps_the_last_good_result_and_recovers() {
    let folder = blank();
    let pack = folder.path().join("pack");
    let (world, scenario) = (pack.join("world/world.toml"), pack.join("first.toml"));
    let first = fs::read_to_string(&world).expect("the world");
    let mut watched = Watched::start(&[pack.as_os_str()]);
    watched.until("round 1").until("all hold").until("relieve (assumed)");
    // A change that moves something, saved by rename.
    let wider = first.replace("functions = [\"consult\"]", "functions = [\"consult\", \"relieve\"]");
    assert_ne!(wider, first, "the blank pack has a mandate to widen");
    save(&world, &wider);
    watched.until("world.toml").until("first moved since round 1").until("gap → one-holder").until("relieve (assumed)");
    // Half a file.
    fs::write(&world, wider.get(..wider.len() / 2).expect("ASCII")).expect("written");
    watched
        .until("error")
        .until("it does not load; the last good result is that of round 2")
        .until("relieve (assumed)");
    // The file is gone, then comes back as it was at first.
    fs::remove_file(&scenario).expect("removed");
    let text =
        "title = \"Another\"\ndate = 2010-04-01\n[[case]]\nid = \"dam\"\nthreat = \"flood\"\naffected = [\"XAA\"]\n";
    save(&world, &first);
    save(&scenario, text);
    watched.until("one-holder → gap").until("relieve (assumed)");
    // A broken rule is no good result either.
    let rule = pack.join("rules/charter.rhai");
    let good = fs::read_to_string(&rule).expect("the rule");
    fs::write(&rule, format!("{good}\nfn broken(situation) {{")).expect("written");
    watched.until("charter.rhai").until("it does not load; the last good result is that of round");
    fs::write(&rule, good).expect("written");
    watched.until("nothing moved since round");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_watch_clean() {
    let folder = blank();
    let mut watched = Watched::start(&[folder.path().join("pack").as_os_str()]);
    watched.until("all hold");
    let id = watched.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill starts").success());
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if let Some(status) = watched.child.try_wait().expect("a child") {
            assert_eq!(status.code(), Some(0));
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("it did not end");
}

#[test]
fn one_round_ends_as_a_command_does() {
    let folder = blank();
    let pack = folder.path().join("pack");
    let once = |more: &[&str]| {
        let ran = binary().arg("watch").arg(&pack).arg("--once").args(more).output().expect("the binary starts");
        (ran.status.code(), String::from_utf8_lossy(&ran.stdout).into_owned())
    };
    let (exit, out) = once(&[]);
    assert_eq!(exit, Some(0), "{out}");
    let (_, tests) = once(&["--run", "test"]);
    assert!(tests.contains("all hold") && !tests.contains("(assumed)"), "{tests}");
    let (_, page) = once(&["--run", "evaluate", "--page"]);
    assert!(!page.contains("all hold") && page.contains("Sources"), "{page}");
    let scenario = pack.join("first.toml");
    let text = fs::read_to_string(&scenario).expect("the scenario");
    fs::write(&scenario, format!("{text}\n[[expect]]\ncell = \"dam/XAA/relieve\"\non_paper = \"overlap\"\n"))
        .expect("written");
    let (exit, out) = once(&[]);
    assert_eq!(exit, Some(1), "{out}");
    assert!(out.contains("tests: 1 fail"), "{out}");
    fs::write(&scenario, format!("{text}\ncolour = ")).expect("written");
    let (exit, out) = once(&[]);
    assert_eq!(exit, Some(2), "{out}");
    assert!(out.contains("it does not load, and never did"), "{out}");
    let shipped = binary().args(["watch", "primer"]).output().expect("the binary starts");
    assert_eq!(shipped.status.code(), Some(2), "a shipped pack does not change");
}
