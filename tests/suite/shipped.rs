//! The shipped packs: every expectation holds, every rule speaks and is silent somewhere.

use mandatum::coverage::Coverage;
use mandatum::session::Session;
use mandatum::{expect, shipped};

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

#[test]
fn every_expectation_holds_and_every_rule_speaks_and_is_silent_somewhere() {
    let mut coverage = Coverage::default();
    let mut failures = Vec::new();
    let packs = packs();
    for (pack, session) in &packs {
        assert!(session.problems.is_empty(), "{pack}: {:#?}", session.problems);
        for loaded in &session.pack.scenarios {
            let minimal = loaded.scenario.id.starts_with("tutorial");
            assert!(minimal || !loaded.scenario.expectations.is_empty(), "{} expects nothing", loaded.scenario.id);
            for problem in expect::failures(session, loaded, &mut coverage) {
                let place = problem.place().map(ToString::to_string).unwrap_or_default();
                failures.push(format!("{place}: {}", problem.labels.first().map_or("", |(_, text)| text)));
            }
        }
        assert!(session.late_problems().is_empty(), "{pack}: {:#?}", session.late_problems());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    // A generic rule may speak in one pack and be silent in another: the question is put over all of them.
    for (pack, session) in &packs {
        let never: Vec<String> = coverage.never_spoke(&session.rules);
        assert!(never.is_empty(), "{pack}: rules that never speak: {never:?}");
        let always = coverage.never_silent(&session.rules);
        assert!(always.is_empty(), "{pack}: rules that are never silent: {always:?}");
    }
}
