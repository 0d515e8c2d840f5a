//! Tests that stand beside the content: of rules, of scenarios, of what-ifs; what of the rules they went through; formats.

#![expect(clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use mandatum::diagnostic::Diagnostic;
use mandatum::render::{junit, tap};
use mandatum::session::Session;
use mandatum::suite::report::{Report, report};
use mandatum::suite::{self, Outcome, Ran, Verdict, coverage};
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::harness::{Pack, small};

/// A rule with seven parts: the guard's two answers, two answers at each of two places, and one saying.
const RULES: &str = r#"//! @source charter

/// Talk when somebody attacks or a border is crossed.
///
/// @at art. 1
/// @threats flood
fn charter_1_talk(situation) {
    if situation.attacker_is("state") || situation.transborder() {
        passes("LEAGUE", "consult", "occasion");
    }
}
"#;

fn ruled() -> Pack {
    small().rules("charter", RULES)
}

/// A pack with tests of that rule, each case given as it stands under `[[test.case]]`.
fn tried(cases: &[&str]) -> (Session, Vec<(String, Outcome)>) {
    let mut text = "[[test]]\nrule = \"charter-1-talk\"\nnote = \"who attacks, or what is crossed\"\n".to_owned();
    for case in cases {
        text.push_str(&format!("[[test.case]]\n{case}\n"));
    }
    outcomes(&ruled().tests("charter", &text))
}

fn outcomes(pack: &Pack) -> (Session, Vec<(String, Outcome)>) {
    let session = pack.load();
    assert!(session.problems.is_empty(), "{:#?}", session.problems);
    let tests = suite::list(&session, &["case".to_owned()], &|_| true);
    let ran = suite::run(&session, &tests, None, &mut |_, _| {});
    let named = tests.iter().map(|test| test.id.clone()).zip(ran.outcomes).collect();
    (session, named)
}

fn codes(outcome: &Outcome) -> Vec<&'static str> {
    outcome.problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn a_rule_passes_under_the_answers_for_which_it_says_what_is_expected() {
    let (_, tests) = tried(&[
        "note = 'a state attacks'\nyes = ['attacker_is(state)']\nsays = ['passes(LEAGUE, consult, occasion)']",
        "note = 'quotes are read past'\nyes = [\"situation.attacker_is('state')\"]\nsays = ['passes(\"LEAGUE\", \"consult\", \"occasion\")']",
        "note = 'an armed group attacks'\nyes = ['attacker_is(armed-group)']\nno = ['transborder()']\nsilent = true\nbecause = ['attacker_is(state)', 'transborder()']",
        "note = 'everything else is no'\notherwise = 'no'\nsays = []",
        "note = 'everything else is yes'\notherwise = 'yes'\nsays = ['passes(LEAGUE, consult, occasion)']",
        "note = 'not a flood'\nno = ['threat_is(flood)']\nsilent = true\nbecause = ['threat_is(flood)']",
    ]);
    for (id, outcome) in &tests {
        assert_eq!(outcome.verdict, Verdict::Passed, "{id}: {:#?}", outcome.problems);
    }
    let ids: Vec<&str> = tests.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids.first(), Some(&"rule/charter-1-talk/a state attacks"), "ids are the author's words: {ids:?}");
}

#[test]
fn a_rule_fails_for_what_it_says_for_its_reasons_and_for_what_nobody_answers() {
    let (session, tests) = tried(&[
        "note = '1 too little'\nyes = ['attacker_is(state)']\nsilent = true",
        "note = '2 too much'\nno = ['attacker_is(state)', 'transborder()']\nsays = ['passes(LEAGUE, consult, occasion)']",
        "note = '3 the wrong reason'\nyes = ['attacker_is(state)']\nsays = ['passes(LEAGUE, consult, occasion)']\nbecause = ['transborder()']",
        "note = '4 not answered'\nno = ['attacker_is(state)']\nsilent = true",
        "note = '5 never asked'\nyes = ['attacker_is(state)', 'member_of(LEAGUE)']\nsays = ['passes(LEAGUE, consult, occasion)']",
    ]);
    let found: Vec<Vec<&str>> = tests.iter().map(|(_, outcome)| codes(outcome)).collect();
    assert_eq!(found, [["says-otherwise"], ["says-otherwise"], ["wrong-reason"], ["unanswered"], ["never-asked"]]);
    assert!(tests.iter().all(|(_, outcome)| outcome.verdict == Verdict::Failed));
    let problem = |index: usize| -> &Diagnostic { &tests[index].1.problems[0] };
    assert!(problem(3).message.contains("`transborder()`"), "the question is named: {}", problem(3).message);
    assert!(
        problem(1).message.contains("says nothing, not `passes(LEAGUE, consult, occasion)`"),
        "{}",
        problem(1).message
    );
    // The values stand under the terms of the rule.
    let text = &session.texts["charter.rhai"];
    let under: BTreeMap<&str, &str> = problem(1)
        .labels
        .iter()
        .filter(|(place, _)| place.file.ends_with(".rhai"))
        .map(|(place, told)| (&text[place.start..place.end], told.as_str()))
        .collect();
    let wanted = [("situation.attacker_is(\"state\")", "no"), ("situation.transborder()", "no")];
    assert_eq!(under, wanted.into());
    let shown = mandatum::render::diagnostics::plain(&tests[1].1.problems, &session.texts);
    assert_eq!(shown.matches("if situation.attacker_is").count(), 1, "both terms are shown in one picture: {shown}");
}

/// Terms written as comparisons are underlined whole, on both sides of the sign.
#[test]
fn a_comparison_is_underlined_with_both_its_sides() {
    let rules = "//! @source charter\n/// @at art. 2\nfn charter_2(situation) {\n    if situation.attacker == \"state\" && \"flood\" != situation.threat { passes(\"LEAGUE\", \"consult\", \"occasion\"); }\n}\n";
    let test = "[[test]]\nrule = 'charter-2'\n[[test.case]]\nyes = ['attacker_is(state)']\nno = ['threat_is(flood)']\nsilent = true\n";
    let (session, tests) = outcomes(&small().rules("two", rules).tests("two", test));
    let text = &session.texts["two.rhai"];
    let labels = &tests[0].1.problems[0].labels;
    let under: Vec<&str> = labels[1..].iter().map(|(place, _)| &text[place.start..place.end]).collect();
    let said = "passes(\"LEAGUE\", \"consult\", \"occasion\")";
    assert_eq!(under, ["situation.attacker == \"state\"", "\"flood\" != situation.threat", said]);
}

#[test]
fn a_reason_counts_only_where_it_is_given() {
    let rules = "//! @source charter\n/// @at art. 3\nfn charter_3(situation) { stops(\"LEAGUE\", \"relieve\", \"means\", \"no tents, no boats\"); }\n";
    let case = |says: &str| format!("[[test.case]]\nnote = \"{says}\"\nsays = [\"{says}\"]\n");
    let said = [
        "stops(LEAGUE, relieve, means)",
        "stops(LEAGUE, relieve, means, no tents, no boats)",
        "stops(LEAGUE, relieve, means, 'no tents')",
    ];
    let cases: String = said.iter().map(|says| case(says)).collect();
    let test = format!("[[test]]\nrule = 'charter-3'\n{cases}");
    let (_, tests) = outcomes(&small().rules("three", rules).tests("three", &test));
    let verdict: BTreeMap<&str, Verdict> =
        tests.iter().map(|(id, own)| (id.trim_start_matches("rule/charter-3/"), own.verdict)).collect();
    let wanted = [(said[0], Verdict::Passed), (said[1], Verdict::Passed), (said[2], Verdict::Failed)];
    assert_eq!(verdict, wanted.into());
}

#[test]
fn everything_wrong_with_a_file_of_tests_is_found_at_load_with_its_place_and_what_is_near() {
    let test = "[[test]]
rule = 'charter-1-tlak'
[[test.case]]
silent = true

[[test]]
rule = 'charter-1-talk'
[[test.case]]
yes = ['attacker_is(stat)', 'attaker_is(state)', 'attacker_is()', 'passes(LEAGUE, consult, reach)', 'attacker_is state', 'response_declined()']
no = ['attacker_is(state)']
says = ['transborder()', 'passes(LEAGE, consult, reach)', 'passes(LEAGUE, consult)']
otherwise = 'perhaps'
[[test.case]]
yes = ['attacker_is(state)', 'attacker_is(armed-group)', 'transborder()']
no = ['transborder()']
silent = true
[[test.case]]
note = 'says neither'
[[test.case]]
says = ['passes(LEAGUE, consult, occasion)']
silent = true
becuase = []
";
    let session = ruled().tests("charter", test).load();
    let found: Vec<(&str, usize)> =
        session.problems.iter().map(|own| (own.code, own.place().map_or(0, |place| place.line))).collect();
    let wanted = [
        ("unknown-id", 2),
        ("not-a-question", 9),
        ("syntax", 9),
        ("unknown-function", 9),
        ("unknown-id", 9),
        ("wrong-arguments", 9),
        ("wrong-scope", 9),
        ("not-said", 11),
        ("unknown-id", 11),
        ("wrong-arguments", 11),
        ("unknown-word", 12),
        ("contradiction", 14),
        ("contradiction", 15),
        ("missing-key", 17),
        ("contradiction", 21),
        ("unknown-key", 22),
    ];
    let mut sorted = found.clone();
    sorted.sort_by_key(|(code, line)| (*line, *code));
    assert_eq!(sorted, wanted, "{:#?}", session.problems);
    let help =
        |part: &str| session.problems.iter().any(|own| own.help.as_deref().is_some_and(|help| help.contains(part)));
    for near in ["`charter-1-talk`", "`state`", "`attacker_is`", "`LEAGUE`", "`because`"] {
        assert!(help(&format!("did you mean {near}")), "nothing suggests {near}");
    }
    assert!(session.usable(), "what is wrong with a test does not stop an evaluation");
    assert!(!session.trials.tests.iter().any(|test| test.note.is_none()), "a case with a problem is not run");
}

/// What follows from an answer need not be given, and the guard that nobody mentions is taken as satisfied.
#[test]
fn answers_are_consistent_with_what_is_given() {
    let rules = "//! @source charter
/// @at art. 4
/// @threats flood, storm
fn charter_4(situation) {
    if situation.threat_is(\"storm\") { needs(\"relieve\"); }
    if situation.on_or_after(\"2001-01-01\") && !situation.on_or_after(\"2010-01-01\") { needs(\"consult\"); }
}
";
    let world = "[[threat]]\nid = \"storm\"\nname = \"storm\"\n";
    let test = "[[test]]
rule = 'charter-4'
[[test.case]]
note = 'the first of the guard is taken for granted'
no = ['threat_is(storm)', 'on_or_after(2000-01-01)']
silent = true
[[test.case]]
note = 'the one that is given satisfies the guard'
yes = ['threat_is(storm)', 'on_or_after(2005-01-01)']
no = ['on_or_after(2006-01-01)']
says = ['needs(relieve)', 'needs(consult)']
[[test.case]]
note = 'neither'
no = ['threat_is(flood)', 'threat_is(storm)']
silent = true
";
    let (_, tests) = outcomes(&small().world(world).rules("four", rules).tests("four", test));
    for (id, outcome) in &tests {
        assert_eq!(outcome.verdict, Verdict::Passed, "{id}: {:#?}", outcome.problems);
    }
    assert_eq!(tests.len(), 3);
}

#[test]
fn a_test_of_a_rule_that_cannot_be_used_could_not_run() {
    let broken = RULES.replace("attacker_is", "attaker_is");
    let test = "[[test]]\nrule = 'charter-1-talk'\n[[test.case]]\notherwise = 'no'\nsilent = true\n";
    let session = small().rules("charter", broken).tests("charter", test).load();
    let tests = suite::list(&session, &[], &|_| true);
    let ran = suite::run(&session, &tests, None, &mut |_, _| {});
    assert_eq!(ran.outcomes.iter().map(|own| own.verdict).collect::<Vec<_>>(), [Verdict::NotRun]);
    assert_eq!(codes(&ran.outcomes[0]), ["unknown-function"]);
}

#[test]
fn expectations_are_tests_with_names_and_fail_for_the_wrong_reason() {
    let more = "
attacker = \"state\"
[[expect]]
cell = \"dam/XAA/consult\"
on_paper = \"one-holder\"
because = [\"league-consults\"]
note = \"holds\"
[[expect]]
cell = \"dam/XAA/consult\"
on_paper = \"one-holder\"
as_of = 2011-01-01
because = [\"no-such-reason\"]
[[expect]]
argument = \"charter-1-talk@dam/XAA\"
label = \"rejected\"
[[what-if]]
id = \"out\"
changes = [\"XAA leaves LEAGUE\"]
opens = [\"dam/XAA/consult\"]
closes = []
[[what-if.expect]]
cell = \"dam/XAA/consult\"
on_paper = \"gap\"
[[what-if]]
id = \"in\"
changes = [\"XAA joins LEAGUE\"]
opens = [\"dam/XAA/consult\"]
[[what-if]]
id = \"odd\"
changes = [\"XAA dances\"]
";
    let (session, tests) = outcomes(&ruled().more(more));
    let found: Vec<(&str, &str)> = tests.iter().map(|(id, own)| (id.as_str(), own.verdict.as_str())).collect();
    let wanted = [
        ("case/dam/XAA/consult", "passed"),
        ("case/dam/XAA/consult, as of 2011-01-01", "failed"),
        ("case/charter-1-talk@dam/XAA", "failed"),
        ("case/what-if/out", "passed"),
        ("case/what-if/out/dam/XAA/consult", "passed"),
        ("case/what-if/out/opens dam/XAA/consult", "passed"),
        ("case/what-if/out/closes nothing", "passed"),
        ("case/what-if/in", "failed"),
        ("case/what-if/in/opens dam/XAA/consult", "failed"),
        ("case/what-if/odd", "could not run"),
    ];
    assert_eq!(found, wanted, "{:#?}", tests.iter().flat_map(|(_, own)| &own.problems).collect::<Vec<_>>());
    // What the rule asked stands under the failed expectation, with the fact that answered it.
    let text = &session.texts["charter.rhai"];
    let labels = &tests[2].1.problems[0].labels;
    let told: Vec<(&str, &str)> =
        labels[1..].iter().map(|(place, told)| (&text[place.start..place.end], told.as_str())).collect();
    assert_eq!(told.len(), 1, "the second question was not asked: {told:?}");
    assert!(
        told[0].0 == "situation.attacker_is(\"state\")" && told[0].1.starts_with("yes: the attacker is state"),
        "{told:?}"
    );
}

fn measured(cases: &str, scenario: bool) -> (Session, Ran) {
    let test = format!("[[test]]\nrule = 'charter-1-talk'\n{cases}");
    let session = ruled().tests("charter", &test).load();
    assert!(session.problems.is_empty(), "{:#?}", session.problems);
    let tests = suite::list(&session, &[], &|_| true);
    let scenarios = if scenario { vec!["case".to_owned()] } else { Vec::new() };
    let ran = suite::run(&session, &tests, Some(&scenarios), &mut |_, _| {});
    (session, ran)
}

/// Counted by hand on the rule above: see its comment.
#[test]
fn coverage_counts_guards_branches_and_sayings() {
    let attacked = "[[test.case]]\nyes = ['attacker_is(state)']\nsays = ['passes(LEAGUE, consult, occasion)']\n";
    let neither = "[[test.case]]\nno = ['attacker_is(state)', 'transborder()']\nsilent = true\n";
    let crossed = "[[test.case]]\nno = ['attacker_is(state)']\nyes = ['transborder()']\nsays = ['passes(LEAGUE, consult, occasion)']\n";
    let other = "[[test.case]]\nno = ['threat_is(flood)']\nsilent = true\n";
    for (cases, scenario, tested, exercised, percent) in [
        // The guard's yes, one answer, the saying.
        (attacked.to_owned(), false, 3, 3, 42.8),
        (format!("{attacked}{neither}"), false, 5, 5, 71.4),
        (format!("{attacked}{neither}{crossed}{other}"), false, 7, 7, 100.0),
        // In the scenario nobody says who attacks, one state is hit: all but the guard's no and the crossed border.
        (attacked.to_owned(), true, 3, 5, 71.4),
    ] {
        let (session, ran) = measured(&cases, scenario);
        let found = coverage::coverage(&session, &ran);
        let all = (found.all.parts, found.all.tested, found.all.exercised, found.all.percent);
        assert_eq!(all, (7, tested, exercised, percent), "{cases}");
        assert!(found.too_large.is_empty());
    }
    let (session, ran) = measured(attacked, true);
    let found = coverage::coverage(&session, &ran);
    let missing: Vec<(usize, &str)> =
        found.files[0].rules[0].missing.iter().map(|own| (own.line, own.text.as_str())).collect();
    let wanted = [(7, "its guard never answered threat_is(flood) no"), (8, "never answered yes here: transborder()")];
    assert_eq!(missing, wanted);
    assert_eq!(
        found.never_silent,
        ["charter-1-talk"],
        "it speaks in the test, and where it may speak it is not silent"
    );
    let trace = coverage::lcov(&session, &ran);
    for line in ["SF:charter.rhai", "DA:7,1", "DA:8,3", "DA:9,1", "BRF:6", "BRH:4", "LF:3", "LH:3", "end_of_record"] {
        assert!(trace.lines().any(|own| own == line), "no {line} in\n{trace}");
    }
}

#[test]
fn a_rule_with_too_many_worlds_is_named_and_not_counted() {
    let asks: String = (0..13)
        .map(|year| format!("if situation.judged_at_least(\"j{year}\", 1) {{ needs(\"consult\"); }}\n"))
        .collect();
    let world: String = (0..13)
        .map(|year| {
            format!("[[judgement]]\nid = \"j{year}\"\ntext = \"J\"\nscale = [0, 2]\nlow = \"l\"\nhigh = \"h\"\n")
        })
        .collect();
    let rules = format!("//! @source charter\n/// @at art. 9\nfn charter_9(situation) {{\n{asks}}}\n");
    let session = ruled().world(&world).rules("nine", rules).load();
    assert!(session.problems.is_empty(), "{:#?}", session.problems);
    let ran = suite::run(&session, &[], Some(&[]), &mut |_, _| {});
    let found = coverage::coverage(&session, &ran);
    assert_eq!((found.too_large, found.all.parts), (vec!["charter-9".to_owned()], 7));
}

// --- The command -------------------------------------------------------------------------------------------------------

struct Printed {
    exit: i32,
    out: String,
    err: String,
}

fn mandatum(arguments: &[&str]) -> Printed {
    let output = Command::new(env!("CARGO_BIN_EXE_mandatum"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary starts");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    Printed { exit: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
}

/// The pack above in a folder, with two tests of its rule: one passes, one fails.
fn written(folder: &Path, failing: bool) -> String {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("it can be written");
    fs::create_dir_all(folder.join("world")).expect("a folder");
    fs::create_dir_all(folder.join("rules")).expect("a folder");
    write("pack.toml", "id = \"small\"\ntitle = \"Small\"\n");
    write("world/facts.toml", crate::harness::WORLD);
    write(
        "dam.toml",
        &format!("{}\n[[expect]]\ncell = \"dam/XAA/consult\"\non_paper = \"one-holder\"\n", crate::harness::SCENARIO),
    );
    write("rules/charter.rhai", RULES);
    let wrong = "[[test.case]]\nnote = \"wrong <&> #1 \\\\\"\nno = [\"attacker_is(state)\", \"transborder()\"]\nsays = [\"passes(LEAGUE, consult, occasion)\"]\n";
    let test = format!(
        "[[test]]\nrule = \"charter-1-talk\"\n[[test.case]]\nnote = \"right\"\nyes = [\"attacker_is(state)\"]\nsays = [\"passes(LEAGUE, consult, occasion)\"]\n{}",
        if failing { wrong } else { "" }
    );
    write("rules/charter.test.toml", &test);
    folder.to_string_lossy().into_owned()
}

#[test]
fn exit_codes_tell_passed_failed_nothing_run_and_bad_input_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let pack = written(folder.path(), true);
    let good = ["--only", "right"];
    for (arguments, exit, told) in [
        (&[] as &[&str], 1, "3 tests (2 of rules, 1 of scenarios): 2 passed, 1 failed"),
        (&good, 0, "1 test (1 of rules): 1 passed"),
        (&["--only", "right", "--only", "dam/"], 0, "2 tests (1 of rules, 1 of scenarios): 2 passed"),
        (&["--rule", "charter-1-talk", "--only", "right"], 0, "1 passed"),
        (&["--list"], 0, "small: 3 tests"),
        (&["--only", "nowhere"], 1, "0 passed"),
        (&["--only", "nowhere", "--allow-empty"], 0, "0 passed"),
        (&["--only", "right", "--coverage"], 0, "71.4"),
        (&["--only", "right", "--coverage", "--threshold", "71.4"], 0, "71.4"),
        (&["--only", "right", "--coverage", "--threshold", "72"], 1, "71.4"),
        (&["--rule", "charter-1-tlak"], 2, ""),
        (&["--threshold", "10"], 2, ""),
        (&["--coverage", "--threshold", "110"], 2, ""),
        (&["--format", "yaml"], 2, ""),
    ] {
        let ran = mandatum(&[&["test", &pack], arguments].concat());
        assert_eq!(ran.exit, exit, "{arguments:?}\n{}\n{}", ran.out, ran.err);
        assert!(ran.out.contains(told), "{arguments:?} does not print `{told}`:\n{}", ran.out);
    }
    let scenario = folder.path().join("dam.toml").to_string_lossy().into_owned();
    let alone = mandatum(&["test", &scenario]);
    assert!(alone.exit == 0 && alone.out.contains("1 test (1 of scenarios)"), "a scenario alone: {}", alone.out);
    let near = mandatum(&["test", &pack, "--rule", "charter-1-tlak"]);
    assert!(near.err.contains("did you mean `charter-1-talk`?"), "{}", near.err);
    fs::write(folder.path().join("rules/odd.test.toml"), "[[test]]\nrule = \"none\"\n").expect("it can be written");
    assert_eq!(mandatum(&[&["test", &pack] as &[&str], &good].concat()).exit, 2, "a file of tests that cannot be read");
}

#[test]
fn a_pack_without_a_scenario_tests_its_rules_and_the_trace_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let pack = written(folder.path(), false);
    fs::remove_file(folder.path().join("dam.toml")).expect("it is there");
    let trace = folder.path().join("trace.info").to_string_lossy().into_owned();
    let ran = mandatum(&["test", &pack, "--coverage", "--coverage-output", &trace]);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert!(ran.out.contains("its guard never answered threat_is(flood) no"), "{}", ran.out);
    let written = fs::read_to_string(&trace).expect("the trace");
    assert!(written.starts_with("TN:\nSF:") && written.ends_with("end_of_record\n"), "{written}");
}

fn reported(failing: bool) -> Report {
    let test = if failing { "wrong" } else { "right" };
    let cases = format!(
        "[[test]]\nrule = 'charter-1-talk'\n[[test.case]]\nnote = '{test} <&> #1 \\'\nyes = ['attacker_is(state)']\nsays = [{}]\n",
        if failing { "" } else { "'passes(LEAGUE, consult, occasion)'" }
    );
    let more = "\n[[expect]]\ncell = \"dam/XAA/consult\"\non_paper = \"one-holder\"\n[[what-if]]\nid = \"odd\"\nchanges = [\"XAA dances\"]\n";
    let session = ruled().more(more).tests("charter", &cases).load();
    let tests = suite::list(&session, &["case".to_owned()], &|_| true);
    let ran = suite::run(&session, &tests, None, &mut |_, _| {});
    report("small", &tests, &ran.outcomes, None)
}

/// Read by an XML reader and held against the shape that build servers read: suites of cases, each with one failure or
/// error at most, attributes from the list, sums that agree.
#[test]
fn junit_is_well_formed_and_adds_up() {
    let text = junit::junit(&reported(true)).expect("it can be written");
    let mut reader = Reader::from_str(&text);
    let (mut open, mut seen): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut sums: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut told = String::new();
    let allowed = |element: &str| -> (&[&str], &[&str]) {
        match element {
            "testsuites" => (&[""], &["name", "tests", "failures", "errors", "time"]),
            "testsuite" => (&["testsuites"], &["name", "tests", "failures", "errors", "time"]),
            "testcase" => (&["testsuite"], &["name", "classname", "time"]),
            "failure" | "error" => (&["testcase"], &["message", "type"]),
            other => panic!("{other} is no element of JUnit"),
        }
    };
    loop {
        let event = reader.read_event().expect("well-formed");
        let (element, empty) = match event {
            Event::Start(element) => (element, false),
            Event::Empty(element) => (element, true),
            Event::End(_) => {
                open.pop();
                continue;
            }
            Event::Text(text) => {
                told.push_str(&text);
                continue;
            }
            Event::Eof => break,
            _ => continue,
        };
        let name = element.name().as_ref().to_owned();
        let (parents, attributes) = allowed(&name);
        assert!(parents.contains(&open.last().map_or("", String::as_str)), "{name} in {open:?}");
        let mut counts = [0; 3];
        for attribute in element.attributes() {
            let attribute = attribute.expect("an attribute");
            let key = attribute.key.as_ref().to_owned();
            assert!(attributes.contains(&key.as_str()), "{name} has no {key}");
            if let Some(index) = ["tests", "failures", "errors"].iter().position(|own| *own == key) {
                counts[index] = attribute.value.parse().expect("a number");
            }
        }
        if name.starts_with("testsuite") {
            let sum = sums.entry(name.clone()).or_default();
            (0..3).for_each(|index| sum[index] += counts[index]);
        }
        seen.push(name.clone());
        if !empty {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    let count = |name: &str| seen.iter().filter(|own| *own == name).count();
    let found = [count("testcase"), count("failure"), count("error")];
    assert_eq!(found, [3, 1, 1]);
    assert_eq!(sums["testsuites"], found, "the sums of the whole");
    assert_eq!(sums["testsuite"], found, "the sums of the suites");
    assert!(text.contains("wrong &lt;&amp;&gt; #1"), "{text}");
    assert!(told.contains("says-otherwise"), "the reasons stand in the text: {told}");
}

/// Line by line by the grammar of version 14: version, plan, test points with numbers in order, YAML blocks between `---` and `...`.
#[test]
fn tap_keeps_to_its_grammar() {
    let text = tap::tap(&reported(true));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("TAP version 14"));
    assert_eq!(lines.next(), Some("1..3"));
    let (mut number, mut inside, mut failed) = (0, false, 0);
    for line in lines {
        if inside {
            assert!(line.starts_with("  "), "a block is indented: {line}");
            inside = line != "  ...";
            continue;
        }
        if line == "  ---" {
            inside = true;
            continue;
        }
        number += 1;
        let rest = line.strip_prefix("not ").inspect(|_| failed += 1).unwrap_or(line);
        let rest = rest.strip_prefix(&format!("ok {number} - ")).unwrap_or_else(|| panic!("no test point: {line}"));
        assert!(!rest.replace("\\#", "").contains('#'), "a hash would begin a directive: {line}");
    }
    assert_eq!((number, failed, inside), (3, 2, false));
    assert!(text.contains("wrong <&> \\#1 \\\\"), "{text}");
    assert_eq!(tap::tap(&reported(false)).matches("\nnot ok").count(), 1, "only what cannot run");
}

#[test]
fn json_is_as_its_schema_says_and_the_same_each_time() {
    let arguments = ["test", "primer", "--coverage", "--format", "json"];
    let first = mandatum(&arguments);
    assert_eq!(first.exit, 0, "{}", first.err);
    assert_eq!(first.out, mandatum(&arguments).out, "the same input gives the same bytes");
    let value: serde_json::Value = serde_json::from_str(&first.out).expect("JSON");
    assert_eq!(value["schema"], "mandatum/test/1");
    assert!(value["tests"].as_array().is_some_and(|tests| tests.len() > 100));
    assert!(value["tests"][0].get("milliseconds").is_none(), "no clock unless asked");
    assert_eq!(value["coverage"]["all"]["parts"], 82);
    let timed = mandatum(&["test", "primer", "--durations", "--format", "json"]);
    let timed: serde_json::Value = serde_json::from_str(&timed.out).expect("JSON");
    assert!(timed["tests"][0]["milliseconds"].is_u64());
    let listed = mandatum(&["test", "primer", "--list", "--format", "json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed.out).expect("JSON");
    assert!(listed["tests"][0]["result"].is_null());
}

/// The blocks of a page about a problem: what has to raise it, and what must not.
fn blocks(page: &str, verdict: &str) -> String {
    let head = format!("```toml tests {verdict}\n");
    page.split(&head).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// What the pages about failed tests show is what happens, in the pack that `new` writes.
#[test]
fn pages_about_failed_tests_show_what_happens() {
    let source = |name: &str| {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli").join(name)).expect("a blank file")
    };
    let blank = Pack::default()
        .world(&source("blank_world.toml"))
        .scenario(&source("blank_scenario.toml"))
        .rules("charter", source("blank_rule.rhai"));
    for code in ["says-otherwise", "unanswered", "never-asked", "wrong-reason", "not-exercised"] {
        let page = mandatum::shipped::problem_page(code).unwrap_or_else(|| panic!("no page about {code}"));
        for verdict in ["bad", "good"] {
            let text = blocks(page, verdict);
            let session = blank.clone().tests("page", &text).load();
            assert!(session.problems.is_empty() && !text.is_empty(), "{code}: {:#?}", session.problems);
            let tests = suite::list(&session, &[], &|_| true);
            let ran = suite::run(&session, &tests, Some(&[]), &mut |_, _| {});
            let mut found: Vec<&str> = ran.outcomes.iter().flat_map(codes).collect();
            if code == "not-exercised" {
                found.extend(coverage::unexercised(&session, &ran).iter().map(|own| own.code));
            }
            let wanted: &[&str] = if verdict == "bad" { &[code] } else { &[] };
            assert_eq!(found, wanted, "{code}: the {verdict} blocks");
        }
    }
}
