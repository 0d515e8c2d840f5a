//! The register held against what rules do: is every claim accounted for, and does it show where it says it does?

use std::collections::BTreeMap;

use crate::answer::Options;
use crate::answer::report::Evaluation;
use crate::diagnostic::{Diagnostic, suggestion};
use crate::load::Loaded;
use crate::session::Session;
use crate::what_if;
use crate::world::register::Claim;
use crate::world::{ClaimUse, Id, Shown};

/// The rules that realise each claim.
pub fn realised(session: &Session) -> BTreeMap<&str, Vec<&Id>> {
    let mut realised: BTreeMap<&str, Vec<&Id>> = BTreeMap::new();
    for rule in session.rules.rules.values() {
        for claim in &rule.claims {
            realised.entry(claim).or_default().push(&rule.id);
        }
    }
    realised
}

/// Claims that no rule realises and that give no reason; claims that rules name and that are not in the register of
/// their source. A source without any entry keeps no register, and is let be.
pub fn unaccounted(session: &Session) -> Vec<Diagnostic> {
    let claims = &session.pack.register.claims;
    let realised = realised(session);
    let mut problems = Vec::new();
    for claim in claims.values() {
        let by_rule = realised.contains_key(claim.id.as_str());
        if !by_rule && claim.reason.is_none() {
            let message = format!("no rule realises the claim `{}`, and no reason is given", claim.id);
            let problem = Diagnostic::error("unaccounted-claim", message, claim.place.clone(), "this claim")
                .help(format!("name it in a rule with `@claim {}`, or say why not with `reason`", claim.id));
            problems.push(problem);
        }
        if by_rule && claim.usage == ClaimUse::Rule && claim.shown.is_empty() {
            let message = format!("the claim `{}` does not say where it shows", claim.id);
            let problem = Diagnostic::error("unshown-claim", message, claim.place.clone(), "this claim")
                .help("add a [[claim.shown]] with `scenario`, `at` and `gone`");
            problems.push(problem);
        }
    }
    for rule in session.rules.rules.values() {
        let kept = claims.values().any(|claim| claim.source == rule.source);
        for named in rule.claims.iter().filter(|named| kept && !claims.contains_key(*named)) {
            let message = format!("the rule `{}` names a claim that the register does not hold: `{named}`", rule.id);
            let mut problem = Diagnostic::error("unknown-claim", message, rule.place.clone(), "this rule");
            problem.help = suggestion(named, claims.keys().map(String::as_str));
            problems.push(problem);
        }
    }
    problems
}

/// Claims that do not show where they say in a scenario, or still show when their premise is gone.
pub fn unseen(session: &Session, loaded: &Loaded) -> Vec<Diagnostic> {
    let realised = realised(session);
    let mut problems = Vec::new();
    let mut asked: Vec<(Options, Evaluation)> = Vec::new();
    for claim in session.pack.register.claims.values() {
        for shown in claim.shown.iter().filter(|shown| shown.scenario == loaded.scenario.id) {
            let rules = realised.get(claim.id.as_str()).cloned().unwrap_or_default();
            if let Err(found) = look(session, loaded, claim, shown, &rules, &mut asked) {
                problems.extend(found);
            }
        }
    }
    problems
}

fn look(
    session: &Session,
    loaded: &Loaded,
    claim: &Claim,
    shown: &Shown,
    rules: &[&Id],
    asked: &mut Vec<(Options, Evaluation)>,
) -> Result<(), Vec<Diagnostic>> {
    let options = Options {
        as_of: shown.as_of,
        lenses: shown.lens.iter().cloned().collect(),
        account: shown.account.clone(),
        ..Options::default()
    };
    if !asked.iter().any(|(own, _)| *own == options) {
        asked.push((options.clone(), session.evaluate(loaded, &options)?.evaluation));
    }
    let wrong = |message: String| {
        Err(vec![Diagnostic::error("unseen-claim", message, shown.place.clone(), format!("at {}", shown.at))])
    };
    let here = asked.iter().any(|(own, evaluation)| *own == options && stands(evaluation, rules, &shown.at));
    if !here {
        return wrong(format!("no argument of the claim `{}` stands there", claim.id));
    }
    if shown.gone.is_empty() {
        return Ok(());
    }
    let changes = what_if::read(session, loaded, &shown.gone)?;
    let altered = what_if::apply(loaded, &options, &changes);
    let after = what_if::evaluate(session, &altered)?.evaluation;
    if stands(&after, rules, &shown.at) {
        return wrong(format!("the claim `{}` still shows there when its premise is gone", claim.id));
    }
    Ok(())
}

/// Whether an argument of one of the rules stands at a proposition, a situation, or a situation and a function.
fn stands(evaluation: &Evaluation, rules: &[&Id], at: &str) -> bool {
    let thesis = evaluation
        .assessments
        .iter()
        .filter(|thesis| thesis.id == at)
        .flat_map(|thesis| thesis.supported_by.iter().chain(&thesis.opposed_by));
    if thesis.into_iter().any(|rule| rules.contains(&rule)) {
        return true;
    }
    evaluation.arguments.iter().filter(|argument| rules.contains(&&argument.rule)).any(|argument| {
        let situation = argument.id.split_once('@').map_or("", |(_, situation)| situation);
        let function = at.strip_prefix(situation).and_then(|rest| rest.strip_prefix('/'));
        situation == at
            || function.is_some_and(|function| {
                argument
                    .position
                    .split(|letter: char| letter.is_whitespace() || ",():".contains(letter))
                    .any(|word| word == function)
            })
    })
}
