//! One rule run under the answers of one test, and what is wrong with what came out.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::given::{Listed, Origin};
use super::terms::{Told, under};
use super::{RuleTest, Trials, Wanted};
use crate::ask::{Question, Read};
use crate::diagnostic::{Diagnostic, Place, suggestion};
use crate::rules::{Answers, Rule, RuleSet, Run, implied, key_of};

/// What came of a test.
#[derive(Clone, Debug)]
pub struct Tried {
    /// What the rule asked and said.
    pub run: Run,
    /// Why the test failed; nothing: it passed.
    pub wrong: Vec<Diagnostic>,
}

/// Runs a test. `asks` holds every question that the rule asks in some world, where that is known.
///
/// Errors: the rule cannot be used, or failed while it ran.
pub fn run(
    test: &RuleTest,
    rules: &RuleSet,
    trials: &Trials,
    asks: Option<&BTreeSet<Question>>,
) -> Result<Tried, Vec<Diagnostic>> {
    let Some(rule) = rules.rules.get(&test.rule) else { return Err(Vec::new()) };
    let listed = Listed::new(test, rule, &trials.world);
    let answers: Rc<dyn Answers> = listed.clone();
    let ran = rules.run(rule, &trials.world, &answers);
    if let Some(problem) = rules.failed().remove(&rule.id) {
        return Err(vec![problem]);
    }
    // INVARIANT: a test answers every question, so no run of it stops at a free fact.
    let run = ran.unwrap_or_default();
    let told = |read: &Read| {
        let word = if read.answer.holds { "yes" } else { "no" };
        let why = match listed.origin(&read.question) {
            Origin::Listed => "",
            Origin::Implied => ", follows from what is given",
            Origin::Assumed => ", taken for granted",
            Origin::Otherwise => ", by `otherwise`",
            Origin::Unlisted => ", not answered by the test",
        };
        Told { question: read.question.clone(), position: read.position, answer: format!("{word}{why}") }
    };
    let told: Vec<Told> = run.reads.iter().map(told).collect();
    let asked = |origin: Origin| {
        let own = run.reads.iter().filter(move |read| listed.origin(&read.question) == origin);
        own.map(|read| read.question.clone()).collect::<BTreeSet<Question>>()
    };
    let mut wrong = never_asked(test, rule, trials, asks);
    let unlisted = asked(Origin::Unlisted);
    if !unlisted.is_empty() {
        wrong.push(unanswered(test, rule, rules, &told, &unlisted));
        return Ok(Tried { run, wrong });
    }
    wrong.extend(said_otherwise(test, rule, rules, &told, &run));
    for (question, place) in &test.because {
        let askable = asks.is_none_or(|asks| asks.contains(question));
        if askable && !run.reads.iter().any(|read| read.question == *question) {
            let message = format!("`{}` does not ask `{question}` here", rule.id);
            let problem = Diagnostic::error("wrong-reason", message, place.clone(), "not asked on the way");
            wrong.push(shown(problem, rules, rule, &told));
        }
    }
    Ok(Tried { run, wrong })
}

/// The problem with the values under the terms of the rule.
fn shown(mut problem: Diagnostic, rules: &RuleSet, rule: &Rule, told: &[Told]) -> Diagnostic {
    problem.labels.extend(under(rules, rule, told));
    problem
}

fn unanswered(
    test: &RuleTest,
    rule: &Rule,
    rules: &RuleSet,
    told: &[Told],
    unlisted: &BTreeSet<Question>,
) -> Diagnostic {
    let listed: Vec<String> = unlisted.iter().map(|question| format!("`{question}`")).collect();
    let message = format!("`{}` asks {}, and the test does not answer", rule.id, listed.join(", "));
    let problem = Diagnostic::error("unanswered", message, test.place.clone(), "not answered in this case");
    let help = "put it into `yes` or `no`, or say `otherwise = \"no\"` for everything that is not listed";
    shown(problem, rules, rule, told).help(help)
}

/// What is said and should not be, or should be said and is not.
fn said_otherwise(test: &RuleTest, rule: &Rule, rules: &RuleSet, told: &[Told], run: &Run) -> Option<Diagnostic> {
    let missing: Vec<&Wanted> =
        test.says.iter().filter(|wanted| !run.says.iter().any(|own| wanted.is(&own.says))).collect();
    let more = run.says.iter().filter(|own| !test.says.iter().any(|wanted| wanted.is(&own.says)));
    let more: Vec<_> = more.collect();
    if missing.is_empty() && more.is_empty() {
        return None;
    }
    let list = |own: Vec<String>| if own.is_empty() { "nothing".to_owned() } else { own.join(", ") };
    let with_reason = test.says.iter().any(|wanted| wanted.with_reason);
    let said: BTreeSet<String> = run.says.iter().map(|own| format!("`{}`", own.says.written(with_reason))).collect();
    let wanted = list(test.says.iter().map(|own| format!("`{}`", own.written())).collect());
    let message = format!("`{}` says {}, not {wanted}", rule.id, list(said.into_iter().collect()));
    let place = missing.first().map_or(&test.place, |wanted| &wanted.place);
    let label = if missing.is_empty() { "too little is expected here" } else { "not said" };
    let mut problem = Diagnostic::error("says-otherwise", message, place.clone(), label);
    let mut places: Vec<(Place, String)> = Vec::new();
    for own in &more {
        if let Some(place) = rules.term(rule, own.position)
            && !places.iter().any(|(known, _)| *known == place)
        {
            places.push((place, "said here".to_owned()));
        }
    }
    problem.labels.extend(under(rules, rule, told));
    problem.labels.extend(places);
    problem.help = test.note.as_ref().or(test.about.as_ref()).map(|note| format!("the case: {note}"));
    Some(problem)
}

/// Questions answered, or required, that the rule asks in no world: the answer decides nothing.
fn never_asked(test: &RuleTest, rule: &Rule, trials: &Trials, asks: Option<&BTreeSet<Question>>) -> Vec<Diagnostic> {
    let Some(asks) = asks else { return Vec::new() };
    let given = test.given.iter().filter(|own| {
        let alone = std::iter::once((key_of(&own.question), usize::from(own.holds))).collect();
        !asks.iter().any(|question| implied(&trials.world, &alone, question).is_some())
    });
    let required = test.because.iter().filter(|(question, _)| !asks.contains(question));
    let idle = given.map(|own| (&own.question, &own.place)).chain(required.map(|(question, place)| (question, place)));
    let problem = |(question, place): (&Question, &Place)| {
        let message = format!("`{}` never asks `{question}`", rule.id);
        let mut problem = Diagnostic::error("never-asked", message, place.clone(), "asked in no world")
            .label(rule.place.clone(), "by this rule");
        let known: Vec<String> = asks.iter().map(ToString::to_string).collect();
        problem.help = suggestion(&question.to_string(), known.iter().map(String::as_str));
        problem
    };
    idle.map(problem).collect()
}
