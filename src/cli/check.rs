//! `mandatum check`: everything loads, and every expectation written in the scenarios holds.

use mandatum::coverage::Coverage;
use mandatum::diagnostic::{Diagnostic, Severity};
use mandatum::expect;
use mandatum::register;

use super::Exit;
use super::files::{Input, open};
use super::output;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Also list the rules that never spoke, and those that were never silent.
    #[arg(long)]
    rule_coverage: bool,
    /// Also see the claims of the register show in these scenarios where they say, and gone without their premise.
    #[arg(long)]
    claims: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Some(opened) = open(&arguments.input) else {
        return Exit::BadInput;
    };
    let mut failed: Vec<Diagnostic> = Vec::new();
    let mut tried = 0;
    let mut coverage = Coverage::default();
    for id in &opened.chosen {
        let Some(loaded) = opened.session.scenario(id) else {
            continue;
        };
        tried += loaded.scenario.expectations.len();
        tried += loaded.scenario.what_ifs.iter().map(|own| own.expectations.len()).sum::<usize>();
        failed.extend(expect::failures(&opened.session, loaded, &mut coverage));
    }
    let missed = failed.len();
    failed.extend(register::unaccounted(&opened.session));
    failed.extend(register::uncoded(&opened.session));
    let kept = failed.len() - missed;
    if arguments.claims {
        for id in &opened.chosen {
            let seen = opened.session.scenario(id).map(|loaded| register::unseen(&opened.session, loaded));
            failed.extend(seen.unwrap_or_default());
        }
    }
    let late = opened.session.late_problems();
    output::problems(&late, &opened.session.texts);
    output::problems(&failed, &opened.session.texts);
    let rules = opened.session.rules.rules.len();
    let scenarios = opened.chosen.len();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    output::out(&format!(
        "{scenarios} scenario{}, {rules} rule{}, {tried} expectation{}: {} hold, {} fail\n",
        plural(scenarios),
        plural(rules),
        plural(tried),
        tried - missed,
        missed
    ));
    let register = &opened.session.pack.register;
    if !register.claims.is_empty() {
        let mut line = format!(
            "register: {} claim{}, {kept} unaccounted for",
            register.claims.len(),
            plural(register.claims.len())
        );
        if arguments.claims {
            let here = |scenario: &String| opened.chosen.contains(scenario);
            let shown = register.claims.values().flat_map(|own| &own.shown).filter(|own| here(&own.scenario)).count();
            let attacks = register.disagreements.values().flat_map(|own| &own.attacks);
            let attacks = attacks.filter(|own| own.scenario.as_ref().is_some_and(here)).count();
            let wrong = failed.len() - missed - kept;
            line.push_str(&format!(
                "; {shown} places and {attacks} attacks looked for in these scenarios: {wrong} not as said"
            ));
        }
        output::out(&format!("{line}\n"));
    }
    if arguments.rule_coverage {
        for (what, listed) in [
            ("never spoke", coverage.never_spoke(&opened.session.rules)),
            ("were never silent", coverage.never_silent(&opened.session.rules)),
        ] {
            output::out(&format!("{} rules {what}: {}\n", listed.len(), listed.join(", ")));
        }
    }
    let broken = opened.session.problems.iter().chain(&late).any(|problem| problem.severity == Severity::Error);
    match (broken, failed.is_empty()) {
        (true, _) => Exit::BadInput,
        (false, false) => Exit::Findings,
        (false, true) => Exit::Clean,
    }
}
