//! The shipped packs: every conclusion is snapshotted, every expectation holds, every rule speaks and is silent somewhere.

use std::fmt::Write as _;

use mandatum::answer::Options;
use mandatum::answer::report::Evaluation;
use mandatum::coverage::Coverage;
use mandatum::session::Session;
use mandatum::{expect, shipped};

/// The conclusions of an evaluation, one a line, each with an id that holds no counter.
fn digest(evaluation: &Evaluation) -> String {
    let mut text = String::new();
    for case in &evaluation.cases {
        let account = case.account.as_ref().map(|account| format!("@{account}")).unwrap_or_default();
        if case.no_case {
            let _ = writeln!(text, "case {}{account}: no case", case.id);
        }
        for need in &case.needs {
            let contested = if need.contested { " (contested need)" } else { "" };
            for cell in &need.states {
                let id = format!("{}{account}/{}/{}", case.id, cell.state, need.function);
                let _ = writeln!(
                    text,
                    "{id}{contested}: {} on paper, {} available, used {}",
                    cell.on_paper.answer.as_str(),
                    cell.available.answer.as_str(),
                    cell.used.as_str()
                );
                for row in &cell.holders {
                    let stops: Vec<&str> = row.stops_at.iter().map(|step| step.as_str()).collect();
                    let _ = writeln!(
                        text,
                        "  {}: {} on paper, {} available{}{}",
                        row.holder,
                        row.on_paper.as_str(),
                        row.available.as_str(),
                        if stops.is_empty() { "" } else { ", stops at " },
                        stops.join(", ")
                    );
                }
            }
        }
        for response in &case.responses {
            for verdict in &response.verdicts {
                let _ = writeln!(
                    text,
                    "response {}{account}/{}: {} {}",
                    case.id,
                    response.id,
                    verdict.verdict,
                    verdict.label.as_str()
                );
            }
        }
    }
    for overlap in &evaluation.overlaps {
        for verdict in &overlap.verdicts {
            let _ = writeln!(
                text,
                "overlap {}: {} {} by {}",
                overlap.id,
                verdict.verdict,
                verdict.label.as_str(),
                verdict.rule
            );
        }
    }
    for argument in &evaluation.arguments {
        let decided = argument.decided_by.map(|decider| format!(" by {}", decider.as_str())).unwrap_or_default();
        let _ = writeln!(text, "argument {} {}: {}{decided}", argument.id, argument.position, argument.label.as_str());
    }
    for assessment in &evaluation.assessments {
        let kind = if assessment.recommendation { "recommendation" } else { "thesis" };
        let _ = writeln!(text, "{kind} {}: {}", assessment.id, assessment.label.as_str());
    }
    for (judgement, rules) in &evaluation.needs_judgement {
        let _ = writeln!(text, "needs a judgement {judgement}: {}", rules.join(", "));
    }
    text
}

fn packs() -> Vec<(&'static str, Session)> {
    shipped::packs().into_iter().map(|pack| (pack, Session::new(&shipped::pack(pack), None))).collect()
}

#[test]
fn every_shipped_scenario_comes_out_as_it_did() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (pack, session) in packs() {
            for loaded in &session.pack.scenarios {
                let evaluated = session.evaluate(loaded, &Options::default()).expect("a shipped scenario evaluates");
                assert!(evaluated.evaluation.complete, "{pack}/{}: a rule failed", loaded.scenario.id);
                insta::assert_snapshot!(format!("{pack}--{}", loaded.scenario.id), digest(&evaluated.evaluation));
            }
        }
    });
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
