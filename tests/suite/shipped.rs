//! The shipped packs: every test passes, every rule speaks and is silent somewhere.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use mandatum::coverage::Coverage;
use mandatum::session::Session;
use mandatum::shipped;
use mandatum::suite::{self, Verdict};

fn packs() -> Vec<(&'static str, Session)> {
    shipped::packs().into_iter().map(|pack| (pack, Session::new(&shipped::pack(pack), None))).collect()
}

/// A scenario of a pack may be asked by itself: what rules name has to stand in the shared world.
#[test]
fn rules_name_nothing_that_only_a_scenario_declares() {
    for pack in shipped::packs() {
        let mut files = shipped::pack(pack);
        files.unopened = std::mem::take(&mut files.scenarios).into_keys().collect();
        let session = Session::new(&files, None);
        assert!(session.problems.is_empty(), "{pack}: {:#?}", session.problems);
    }
}

/// A rule whose parts are exercised in this share, at least; measured, and to be raised when content is added.
const EXERCISED: [(&str, f64); 2] = [("central-asia", 90.0), ("primer", 100.0)];

#[test]
fn every_test_passes_and_every_rule_speaks_and_is_silent_somewhere() {
    let mut spoke = Coverage::default();
    let mut failures = Vec::new();
    let packs = packs();
    for (pack, session) in &packs {
        assert!(session.problems.is_empty(), "{pack}: {:#?}", session.problems);
        for loaded in &session.pack.scenarios {
            let minimal = loaded.scenario.id.starts_with("tutorial");
            assert!(minimal || !loaded.scenario.expectations.is_empty(), "{} expects nothing", loaded.scenario.id);
        }
        let scenarios: Vec<String> = session.pack.scenarios.iter().map(|own| own.scenario.id.clone()).collect();
        let tests = suite::list(session, &scenarios, &|_| true);
        let ran = suite::run(session, &tests, Some(&scenarios), &mut |_, _| {});
        assert_eq!(ran.outcomes.len(), tests.len(), "{pack}: every test comes to something");
        for (test, outcome) in tests.iter().zip(&ran.outcomes).filter(|(_, own)| own.verdict != Verdict::Passed) {
            let why: Vec<&str> = outcome.problems.iter().map(|problem| problem.message.as_str()).collect();
            failures.push(format!("{}: {}: {}", test.place, test.id, why.join("; ")));
        }
        assert!(session.late_problems().is_empty(), "{pack}: {:#?}", session.late_problems());
        let percent = suite::coverage::coverage(session, &ran).all.percent;
        for (_, least) in EXERCISED.iter().filter(|(name, _)| name == pack) {
            assert!(percent >= *least, "{pack}: {percent} percent of the rules' parts are exercised, not {least}");
        }
        spoke.merge(&ran.spoke);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    // A generic rule may speak in one pack and be silent in another: the question is put over all of them.
    for (pack, session) in &packs {
        let never: Vec<String> = spoke.never_spoke(&session.rules);
        assert!(never.is_empty(), "{pack}: rules that never speak: {never:?}");
        let always = spoke.never_silent(&session.rules);
        assert!(always.is_empty(), "{pack}: rules that are never silent: {always:?}");
    }
}

/// What a rule says on each of its paths, written down as a test, passes; turned round, it fails.
#[test]
fn each_path_of_a_rule_written_as_a_test_passes() {
    let mut files = shipped::pack("primer");
    let session = Session::new(&files, None);
    let world = &session.trials.world;
    let mut text = String::new();
    let mut written = 0;
    for rule in session.rules.rules.values() {
        let tree = session.rules.paths(rule, world, 512).expect("the rules of the primer are small");
        for run in tree.leaves() {
            let list = |holds: bool| {
                let own = run.reads.iter().filter(|read| read.answer.holds == holds);
                let own: BTreeSet<String> = own.map(|read| format!("'{}'", read.question)).collect();
                own.into_iter().collect::<Vec<_>>().join(", ")
            };
            let says: BTreeSet<String> = run.says.iter().map(|own| format!("'{}'", own.says.written(false))).collect();
            let says = says.into_iter().collect::<Vec<_>>().join(", ");
            let (yes, no) = (list(true), list(false));
            for (right, said) in [(true, says.as_str()), (false, if says.is_empty() { "'?'" } else { "" })] {
                if said == "'?'" {
                    continue;
                }
                let _ = writeln!(
                    text,
                    "[[test]]\nrule = '{}'\n[[test.case]]\nnote = '{right} {written}'\nyes = [{yes}]\nno = [{no}]\nsays = [{said}]",
                    rule.id
                );
                written += 1;
            }
        }
    }
    files.tests = [("rules/all.test.toml".to_owned(), text.into_bytes())].into();
    let session = Session::new(&files, None);
    assert!(session.problems.is_empty(), "{:#?}", session.problems);
    let tests = suite::list(&session, &[], &|_| true);
    assert!(tests.len() == written && written > 60, "{written} tests were written, {} read", tests.len());
    let ran = suite::run(&session, &tests, None, &mut |_, _| {});
    for (test, outcome) in tests.iter().zip(&ran.outcomes) {
        let right = test.id.contains("/true ");
        let wanted = if right { Verdict::Passed } else { Verdict::Failed };
        assert_eq!(outcome.verdict, wanted, "{}: {:#?}", test.id, outcome.problems);
    }
}
