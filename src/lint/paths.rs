//! Rules in the abstract: what each says on every path that some world may take, and which paths no case can take.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Found, Matter};
use crate::ask::{Read, Tree};
use crate::diagnostic::{Diagnostic, Place};
use crate::rules::{Emission, Rule, Run};
use crate::session::Session;
use crate::world::{Taxonomy, World};

/// Paths of one rule that are looked at; a rule with more is not looked at in the abstract.
const MAX_PATHS: usize = 4096;

/// A rule with all its paths.
pub(super) struct Abstract<'s> {
    pub(super) rule: &'s Rule,
    pub(super) tree: Tree<Run>,
    /// Everything that it may say.
    pub(super) positions: BTreeSet<String>,
}

/// Every rule that can be run and has no more paths than can be looked at.
pub(super) fn all<'s>(session: &'s Session, world: &Arc<World>) -> Vec<Abstract<'s>> {
    let failed = session.rules.failed();
    let mut all = Vec::new();
    for rule in session.rules.rules.values().filter(|rule| !failed.contains_key(&rule.id)) {
        let Ok(tree) = session.rules.paths(rule, world, MAX_PATHS) else { continue };
        let says = tree.leaves().into_iter().flat_map(|run| &run.says);
        let positions = says.map(|emission| emission.says.position()).collect();
        all.push(Abstract { rule, tree, positions });
    }
    // A rule that failed on some path said nothing there: what it says is not known.
    let failed = session.rules.failed();
    all.retain(|own| !failed.contains_key(&own.rule.id));
    all
}

impl Abstract<'_> {
    /// Every emission on a path that some case can take, with its path.
    pub(super) fn says<'a>(&'a self, world: &'a World) -> impl Iterator<Item = (&'a Run, &'a Emission)> {
        let possible = self.tree.leaves().into_iter().filter(|run| possible(world, &run.reads));
        possible.flat_map(|run| run.says.iter().map(move |emission| (run, emission)))
    }
}

/// Whether some case can give all these answers about its threat, and about the function of the act or overlap at hand.
pub(super) fn possible(world: &World, reads: &[Read]) -> bool {
    fits(&world.threats, "threat_is", reads, None)
        && ["response_does", "overlap_in"].iter().all(|word| fits(&world.functions, word, reads, None))
}

/// Whether some term, a kind of `within` if that is given, gives the answers that a path takes to a word.
pub(super) fn fits(terms: &Taxonomy, word: &str, reads: &[Read], within: Option<&str>) -> bool {
    let asked: Vec<(&str, bool)> = reads
        .iter()
        .filter(|read| read.question.word == word)
        .filter_map(|read| Some((read.question.arguments.first()?.as_str(), read.answer.holds)))
        .collect();
    if asked.is_empty() && within.is_none() {
        return true;
    }
    terms.terms.keys().any(|term| {
        within.is_none_or(|wide| terms.is_a(term, wide))
            && asked.iter().all(|(wide, holds)| terms.is_a(term, wide) == *holds)
    })
}

/// A problem about a rule: at a position in its script, or at its name.
pub(super) fn about(
    matter: &Matter<'_>,
    rule: &Rule,
    position: Option<(usize, usize)>,
    code: &'static str,
    message: String,
    label: &str,
) -> Found {
    let at: Option<Place> = position.and_then(|position| matter.session.rules.place(rule, position));
    let mut problem = Diagnostic::error(code, message, at.clone().unwrap_or_else(|| rule.place.clone()), label);
    if at.is_some() {
        problem = problem.label(rule.place.clone(), "in this rule");
    }
    Found { problem, rule: Some(rule.place.clone()) }
}
