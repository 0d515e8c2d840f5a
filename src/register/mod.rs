//! The register held against what rules do: is every claim accounted for, and does it show where it says it does?

mod grounds;
mod quarrels;
mod seen;

use std::collections::{BTreeMap, BTreeSet};

pub use grounds::{Ground, grounds};
pub use quarrels::{Quarrel, quarrels};
pub use seen::unseen;

use crate::diagnostic::{Diagnostic, Place, suggestion};
use crate::session::Session;
use crate::world::{ClaimUse, CodeList, Id};

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
        for claim in rule.claims.iter().filter_map(|named| claims.get(named)).filter(|own| own.source != rule.source) {
            let message = format!("the rule `{}` names a claim of another source: `{}`", rule.id, claim.id);
            let problem =
                Diagnostic::error("foreign-claim", message, rule.place.clone(), format!("of {}", rule.source));
            problems.push(problem.label(claim.place.clone(), format!("of {}", claim.source)));
        }
        for named in rule.claims.iter().filter(|named| kept && !claims.contains_key(*named)) {
            let message = format!("the rule `{}` names a claim that the register does not hold: `{named}`", rule.id);
            let mut problem = Diagnostic::error("unknown-claim", message, rule.place.clone(), "this rule");
            problem.help = suggestion(named, claims.keys().map(String::as_str));
            problems.push(problem);
        }
    }
    problems
}
