//! The register held against what rules do: is every claim accounted for, and does it show where it says it does?

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::report::Evaluation;
use crate::answer::{Decider, Options};
use crate::date::PartialDate;
use crate::diagnostic::{Diagnostic, Place, suggestion};
use crate::load::Loaded;
use crate::session::Session;
use crate::what_if;
use crate::world::register::Claim;
use crate::world::{AttackKind, ClaimAttack, ClaimUse, CodeList, Id, Shown};

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

/// The claims that attack one, sorted.
pub fn attacks_on<'s>(session: &'s Session, claim: &str) -> BTreeSet<&'s str> {
    let attacks = session.pack.register.disagreements.values().flat_map(|own| &own.attacks);
    attacks
        .filter(|attack| attack.on.iter().any(|on| on == claim))
        .flat_map(|attack| &attack.from)
        .map(String::as_str)
        .collect()
}

/// An attack between claims of two sides, both of which speak.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Quarrel {
    /// The disagreement.
    pub id: String,
    /// Its question.
    pub question: String,
    /// The claim that attacks.
    pub from: String,
    /// How.
    pub kind: AttackKind,
    /// The claim attacked.
    pub on: String,
}

/// The attacks between what one side says and what the other side says, as the register has them.
pub fn quarrels(session: &Session, first: &Evaluation, second: &Evaluation) -> Vec<Quarrel> {
    let rules = realised(session);
    let spoken = |side: &Evaluation, claim: &Id| {
        let own = rules.get(claim.as_str()).into_iter().flatten();
        own.into_iter().any(|rule| side.arguments.iter().any(|argument| argument.rule == **rule))
    };
    // What both sides say divides nobody.
    let only = |side: &Evaluation, other: &Evaluation, claim: &Id| spoken(side, claim) && !spoken(other, claim);
    let mut found = Vec::new();
    for disagreement in session.pack.register.disagreements.values() {
        for attack in &disagreement.attacks {
            for (from, on) in attack.from.iter().flat_map(|from| attack.on.iter().map(move |on| (from, on))) {
                let here = |one: &Evaluation, other: &Evaluation| only(one, other, from) && only(other, one, on);
                if here(first, second) || here(second, first) {
                    found.push(Quarrel {
                        id: disagreement.id.clone(),
                        question: disagreement.question.clone(),
                        from: from.clone(),
                        kind: attack.kind,
                        on: on.clone(),
                    });
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Words of the closed lists, and functions, that the codebook of a pack leaves out. A pack that defines no word
/// keeps no codebook, and is let be.
pub fn uncoded(session: &Session) -> Vec<Diagnostic> {
    let (world, codes) = (&session.pack.world, &session.pack.register.codes);
    if codes.is_empty() {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for list in CodeList::ALL {
        for value in list.values().iter().filter(|value| !codes.contains_key(&(*list, (**value).to_owned()))) {
            let message = format!("the codebook does not define `{value}` of {}", list.as_str());
            let place = Place::whole(&world.pack.id);
            let help = format!("add a [[code]] with list = \"{}\" and value = \"{value}\"", list.as_str());
            problems.push(Diagnostic::error("uncoded", message, place, "in this pack").help(help));
        }
    }
    for (id, term) in world.functions.terms.iter().filter(|(_, term)| term.inclusion.is_none()) {
        let message = format!("the codebook does not say when to use the function `{id}`");
        let problem = Diagnostic::error("uncoded", message, term.place.clone(), "this function");
        problems.push(problem.help("add `inclusion`: the least that has to be there"));
    }
    problems
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
        if by_rule && claim.usage == ClaimUse::Rule && claim.shown.is_empty() && claim.reason.is_none() {
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

/// Claims that do not show where they say in a scenario, or still show when their premise is gone; and attacks between
/// claims that no argument of theirs carries out there.
pub fn unseen(session: &Session, loaded: &Loaded) -> Vec<Diagnostic> {
    let realised = realised(session);
    let mut problems = Vec::new();
    let mut asked = Asked { session, loaded, known: Vec::new() };
    for claim in session.pack.register.claims.values() {
        for shown in claim.shown.iter().filter(|shown| shown.scenario == loaded.scenario.id) {
            let rules = realised.get(claim.id.as_str()).cloned().unwrap_or_default();
            if let Err(found) = look(&mut asked, claim, shown, &rules) {
                problems.extend(found);
            }
        }
    }
    for disagreement in session.pack.register.disagreements.values() {
        let here = |attack: &&ClaimAttack| attack.scenario.as_ref() == Some(&loaded.scenario.id);
        for attack in disagreement.attacks.iter().filter(here) {
            match asked.evaluation(&reading(attack.as_of, &attack.lens, attack.account.as_ref())) {
                Ok(evaluation) => problems.extend(unfought(evaluation, attack, &realised)),
                Err(found) => problems.extend(found),
            }
        }
    }
    problems
}

/// A scenario and what it came out as, once per way of asking.
struct Asked<'s> {
    session: &'s Session,
    loaded: &'s Loaded,
    known: Vec<(Options, Evaluation)>,
}

impl Asked<'_> {
    fn evaluation(&mut self, options: &Options) -> Result<&Evaluation, Vec<Diagnostic>> {
        let at = match self.known.iter().position(|(own, _)| own == options) {
            Some(at) => at,
            None => {
                let evaluation = self.session.evaluate(self.loaded, options)?.evaluation;
                self.known.push((options.clone(), evaluation));
                self.known.len() - 1
            }
        };
        self.known.get(at).map(|(_, evaluation)| evaluation).ok_or_else(Vec::new)
    }
}

fn reading(as_of: Option<PartialDate>, lenses: &[Id], account: Option<&Id>) -> Options {
    Options { as_of, lenses: lenses.iter().cloned().collect(), account: account.cloned(), ..Options::default() }
}

/// Attackers of which no argument attacks one of the attacked there.
fn unfought(evaluation: &Evaluation, attack: &ClaimAttack, realised: &BTreeMap<&str, Vec<&Id>>) -> Vec<Diagnostic> {
    let rules = |claim: &Id| realised.get(claim.as_str()).cloned().unwrap_or_default();
    let wrong =
        |message: String, label: String| Diagnostic::error("unseen-attack", message, attack.place.clone(), label);
    let mut problems = Vec::new();
    for on in &attack.on {
        let targets = rules(on);
        for from in &attack.from {
            if !fought(evaluation, attack.kind, &rules(from), &targets) {
                let message = format!("no argument of the claim `{from}` attacks one of `{on}` there");
                problems.push(wrong(message, format!("in {}", evaluation.scenario)));
            }
        }
        let undermined = evaluation
            .arguments
            .iter()
            .any(|argument| targets.contains(&&argument.rule) && argument.decided_by == Some(Decider::Undermined));
        if let Some(discrepancy) = attack.discrepancy.as_ref().filter(|_| attack.from.is_empty() && !undermined) {
            let message = format!("the record does not undermine the claim `{on}` there");
            problems.push(wrong(message, format!("by {discrepancy}")));
        }
    }
    problems
}

/// Whether an argument of one of the first rules attacks one of the others in this way, or rebuts it over a thesis.
fn fought(evaluation: &Evaluation, kind: AttackKind, from: &[&Id], on: &[&Id]) -> bool {
    // Another reading of the same text rebuts it and denies the inference at once.
    let says = |attacker: &str, word: &str, rule: &Id| {
        let position = format!("{word} {rule}");
        evaluation.arguments.iter().any(|own| own.id == attacker && own.position == position)
    };
    let direct = evaluation.arguments.iter().filter(|argument| on.contains(&&argument.rule)).any(|argument| {
        argument.attackers.iter().any(|attacker| {
            let author = attacker.split('@').next().unwrap_or_default();
            let of_kind = match kind {
                AttackKind::Undercut => {
                    ["undercuts", "contests"].iter().any(|word| says(attacker, word, &argument.rule))
                }
                AttackKind::Rebut => !says(attacker, "undercuts", &argument.rule),
                AttackKind::Undermine => true,
            };
            of_kind && from.iter().any(|rule| *rule == author)
        })
    });
    let speaks = |rules: &[&Id], listed: &[String]| listed.iter().any(|rule| rules.contains(&rule));
    direct
        || kind == AttackKind::Rebut
            && evaluation.assessments.iter().any(|thesis| {
                (speaks(from, &thesis.opposed_by) && speaks(on, &thesis.supported_by))
                    || (speaks(from, &thesis.supported_by) && speaks(on, &thesis.opposed_by))
            })
}

fn look(asked: &mut Asked<'_>, claim: &Claim, shown: &Shown, rules: &[&Id]) -> Result<(), Vec<Diagnostic>> {
    let (session, loaded) = (asked.session, asked.loaded);
    let options = reading(shown.as_of, &shown.lens, shown.account.as_ref());
    let evaluation = asked.evaluation(&options)?;
    let wrong = |message: String| {
        Err(vec![Diagnostic::error("unseen-claim", message, shown.place.clone(), format!("at {}", shown.at))])
    };
    if !stands(evaluation, rules, &shown.at) {
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
