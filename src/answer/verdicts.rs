//! What rules said of responses and overlaps, what papers flag and conclude, and every argument on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::board::Board;
use super::candidate::{Outcome, Position};
use super::claims::{By, Claim};
use super::positions::{Explored, Stages};
use super::report::{ArgumentResult, Assessment, CaseResult, OverlapResult, Verdict};
use crate::argument::Label;
use crate::ask::{FreeFact, Positions, Scope, Situation, Standing, Tree};
use crate::rules::{Rule, Says};
use crate::world::{Hedge, Id, LinkKind};

/// What rules said under one account.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(super) overlaps: Vec<OverlapResult>,
    pub(super) arguments: Vec<ArgumentResult>,
    pub(super) assessments: Vec<Assessment>,
    /// For each of `arguments` the claims among which it was decided, and its place there.
    origins: Vec<(Rc<Vec<Claim>>, usize)>,
    /// Where in `arguments` an id and a position stand.
    known: BTreeMap<(String, String), usize>,
    pub(super) flags: Vec<(String, Verdict, Says)>,
    /// Every argument with its neighbours, for explanations.
    pub(crate) claims: Vec<Rc<Vec<Claim>>>,
    /// Those among them that hang on no free fact.
    pub(super) settled: Vec<Rc<Vec<Claim>>>,
}

impl Gathered {
    /// Notes the arguments of every world of a tree.
    pub(super) fn add_positions(&mut self, tree: &Tree<Position>, holder: Option<&str>) {
        let free: Vec<Arc<FreeFact>> = tree.facts().into_values().collect();
        for position in tree.leaves() {
            self.add_claims(&position.claims, holder, &free);
        }
    }

    /// Notes arguments of rules; one about a holder counts before its reach to bodies below.
    pub(super) fn add_claims(&mut self, claims: &Rc<Vec<Claim>>, holder: Option<&str>, free: &[Arc<FreeFact>]) {
        if !claims.iter().any(|claim| matches!(claim.by, By::Rule(_))) {
            return;
        }
        self.claims.push(claims.clone());
        if free.is_empty() {
            self.settled.push(claims.clone());
        }
        for (place, claim) in claims.iter().enumerate() {
            let By::Rule(rule) = &claim.by else { continue };
            let own = match (&claim.says, holder) {
                (Says::Stops { holder: named, .. } | Says::Passes { holder: named, .. }, Some(holder)) => {
                    named == holder
                }
                _ => true,
            };
            let id = claim.id();
            let position = claim.says.position();
            let known = self.known.get(&(id.clone(), position.clone())).copied();
            let old = known.and_then(|index| self.arguments.get(index));
            if old.is_some_and(|old| !(own && old.attackers.is_empty() && !claim.attackers.is_empty())) {
                continue;
            }
            let result = ArgumentResult {
                id: id.clone(),
                account: None,
                rule: rule.clone(),
                position: position.clone(),
                source: claim.source.clone().unwrap_or_default(),
                locator: claim.locator.clone(),
                label: claim.label,
                decided_by: claim.decided_by,
                attackers: claim
                    .attackers
                    .iter()
                    .filter_map(|index| claims.get(*index))
                    .map(Claim::id)
                    .collect::<BTreeSet<String>>()
                    .into_iter()
                    .collect(),
                only_if: free.iter().map(|fact| fact.says.clone()).collect(),
            };
            let origin = (claims.clone(), place);
            let old = known.and_then(|index| self.arguments.get_mut(index).zip(self.origins.get_mut(index)));
            match old {
                Some(old) => (*old.0, *old.1) = (result, origin),
                None => {
                    self.known.insert((id, position), self.arguments.len());
                    self.arguments.push(result);
                    self.origins.push(origin);
                }
            }
        }
    }

    /// Every argument of a rule, as a place among the claims with which it was decided.
    pub(crate) fn origins(&self) -> impl Iterator<Item = (&[Claim], usize)> {
        self.origins.iter().map(|(claims, place)| (claims.as_slice(), *place))
    }

    /// Notes what fired without being part of any cell: derived facts, and attacks that found no target.
    pub(super) fn add_explored(&mut self, explored: &[Explored<'_>], stages: &Stages<'_>) {
        let all: Vec<&Explored<'_>> = explored.iter().collect();
        for one in explored {
            for wanted in one.says().into_iter().cloned() {
                let position = wanted.position();
                let id = format!("{}@{}", one.rule.id, one.at);
                if self.known.contains_key(&(id, position)) {
                    continue;
                }
                let of_this = |rule: &Rule, _: &Scope, says: &Says| rule.id == one.rule.id && *says == wanted;
                let tree = stages.decide_together(&all, &of_this, &|_, _| false, &|_| Some(true));
                self.add_positions(&tree, None);
            }
        }
    }
}

/// The verdicts of rules that ran for one situation.
pub(super) fn verdicts(
    stages: &Stages<'_>,
    explored: &[Explored<'_>],
    at: &str,
    gathered: &mut Gathered,
) -> Vec<Verdict> {
    let all: Vec<&Explored<'_>> = explored.iter().collect();
    let here: BTreeSet<&str> = explored.iter().filter(|one| one.at == at).map(|one| one.rule.id.as_str()).collect();
    let mut found = Vec::new();
    for rule in here {
        let of_this = |own: &Rule, scope: &Scope, says: &Says| {
            own.id == rule
                && matches!(says, Says::Finds { .. })
                && matches!(scope, Scope::Response(_) | Scope::Overlap(..))
        };
        let near: Vec<&Explored<'_>> = all
            .iter()
            .copied()
            .filter(|one| one.at == at || !matches!(one.scope, Scope::Response(_) | Scope::Overlap(..)))
            .collect();
        let tree = stages.decide_together(&near, &of_this, &|_, _| false, &|says| {
            matches!(says, Says::Finds { .. }).then_some(true)
        });
        gathered.add_positions(&tree, None);
        for (says, label) in standings(&tree, &|says| matches!(says, Says::Finds { .. })) {
            let Says::Finds { verdict, why } = says else {
                continue;
            };
            let source = stages.rules.rules.get(rule).map(|rule| rule.source.clone()).unwrap_or_default();
            found.push(Verdict { verdict, label, why, rule: rule.to_owned(), source });
        }
    }
    found.sort_by(|a, b| (a.label, &a.verdict, &a.rule).cmp(&(b.label, &b.verdict, &b.rule)));
    found
}

/// How each thing said stands over every world: as it does in all of them, else undecided.
fn standings(tree: &Tree<Position>, about: &dyn Fn(&Says) -> bool) -> BTreeMap<Says, Label> {
    let worlds = tree.leaves();
    let mut labels: BTreeMap<Says, Vec<Label>> = BTreeMap::new();
    for position in &worlds {
        for claim in position.claims.iter().filter(|claim| about(&claim.says)) {
            labels.entry(claim.says.clone()).or_default().push(claim.label);
        }
    }
    let settled = |own: &[Label]| match own.first() {
        Some(first) if own.len() == worlds.len() && own.iter().all(|label| label == first) => *first,
        _ => Label::Undecided,
    };
    labels.into_iter().map(|(says, own)| (says, settled(&own))).collect()
}

/// Every two lines that pass on paper in one cell.
pub(super) fn pairs(case: &CaseResult) -> Vec<(Id, Id, Id, Id)> {
    let mut pairs = Vec::new();
    for need in &case.needs {
        for state in &need.states {
            for (index, first) in state.on_paper.lines.iter().enumerate() {
                for second in state.on_paper.lines.iter().skip(index + 1) {
                    pairs.push((state.state.clone(), need.function.clone(), first.clone(), second.clone()));
                }
            }
        }
    }
    pairs
}

/// One overlap with its verdicts, its forums, and the states that sit in both.
pub(super) fn overlap(
    stages: &Stages<'_>,
    explored: &[Explored<'_>],
    situation: &Situation,
    board: &Rc<Board>,
    gathered: &mut Gathered,
) -> Option<OverlapResult> {
    let Scope::Overlap(state, function, first, second) = &situation.scope else {
        return None;
    };
    let view = &situation.view;
    let kinds = [LinkKind::Memorandum, LinkKind::Liaison, LinkKind::ObserverSeat, LinkKind::JointBody];
    let forums = [first, second]
        .into_iter()
        .filter(|line| {
            board.cells.get(&(situation.case.unwrap_or(usize::MAX), state.clone(), function.clone())).is_some_and(
                |cell| {
                    cell.holders.keys().any(|holder| {
                        view.world.line(holder) == *line
                            && board.climbs(situation, state, holder, function, true) == Standing::Yes
                    })
                },
            )
        })
        .cloned()
        .collect();
    Some(OverlapResult {
        id: situation.id(),
        case: situation.case().map(|case| case.id.clone()).unwrap_or_default(),
        account: None,
        state: state.clone(),
        function: function.clone(),
        lines: [first.clone(), second.clone()],
        linked: view.linked(first, second, &kinds).is_ok_and(|answer| answer.holds),
        zoned: view.linked(first, second, &[LinkKind::Zone]).is_ok_and(|answer| answer.holds),
        forums,
        shared_members: view.sure_members(first).intersection(&view.sure_members(second)).cloned().collect(),
        verdicts: verdicts(stages, explored, &situation.id(), gathered),
    })
}

/// Gaps and overlaps that sources see.
pub(super) fn flags(stages: &Stages<'_>, explored: &[Explored<'_>], gathered: &mut Gathered) {
    let all: Vec<&Explored<'_>> = explored.iter().collect();
    for one in explored {
        for flag in one
            .says()
            .into_iter()
            .filter(|&says| matches!(says, Says::FlagGap { .. } | Says::FlagOverlap { .. }))
            .cloned()
        {
            let of_this = |rule: &Rule, scope: &Scope, says: &Says| {
                rule.id == one.rule.id && *scope == one.scope && *says == flag
            };
            let tree = stages.decide_together(&all, &of_this, &|_, _| false, &|_| Some(true));
            gathered.add_positions(&tree, None);
            let Some(label) = standings(&tree, &|says| *says == flag).remove(&flag) else {
                continue;
            };
            let why = match &flag {
                Says::FlagGap { why, .. } | Says::FlagOverlap { why, .. } => why.clone(),
                _ => String::new(),
            };
            let verdict = Verdict {
                verdict: flag.position(),
                label,
                why,
                rule: one.rule.id.clone(),
                source: one.rule.source.clone(),
            };
            gathered.flags.push((one.at.clone(), verdict, flag));
        }
    }
}

/// How every thesis stands that a rule asserts, denies or recommends.
pub(super) fn assessments(stages: &Stages<'_>, explored: &[Explored<'_>], gathered: &mut Gathered) -> Vec<Assessment> {
    let world = &stages.world;
    let all: Vec<&Explored<'_>> = explored.iter().collect();
    let mut theses: BTreeSet<(bool, Id)> = BTreeSet::new();
    for (kind, id) in explored.iter().flat_map(|one| one.says()).filter_map(thesis_of) {
        theses.insert((kind, id.to_owned()));
    }
    let rivals = |one: &str, other: &str| -> bool {
        let listed = |id: &str, rival: &str| {
            world.propositions.get(id).is_some_and(|thesis| thesis.rivals.iter().any(|own| own == rival))
                || world.what_ifs.get(id).is_some_and(|what_if| what_if.rivals.iter().any(|own| own == rival))
        };
        listed(one, other) || listed(other, one)
    };
    let contrary = |one: &Says, other: &Says| match (one, other) {
        (Says::Asserts { proposition: a }, Says::Denies { proposition: b })
        | (Says::Denies { proposition: a }, Says::Asserts { proposition: b }) => a == b,
        (Says::Asserts { proposition: a }, Says::Asserts { proposition: b }) => rivals(a, b),
        (Says::Recommends { what_if: a }, Says::Recommends { what_if: b }) => rivals(a, b),
        _ => false,
    };
    let mut results = Vec::new();
    let mut decided: Vec<(BTreeSet<Thesis<'_>>, Rc<Tree<Position>>)> = Vec::new();
    for (recommendation, id) in &theses {
        let thesis = (*recommendation, id.as_str());
        let supports = |says: &Says| match says {
            Says::Asserts { proposition } if !recommendation && proposition == id => Some(true),
            Says::Recommends { what_if } if *recommendation && what_if == id => Some(true),
            Says::Denies { proposition } if !recommendation && proposition == id => Some(false),
            _ => None,
        };
        let tree = match decided.iter().find(|(family, _)| family.contains(&thesis)) {
            Some((_, tree)) => tree.clone(),
            None => {
                // A thesis is decided together with its rivals, and theirs.
                let family = family(thesis, &theses, &rivals);
                let of_family =
                    |_: &Rule, _: &Scope, says: &Says| thesis_of(says).is_some_and(|own| family.contains(&own));
                let tree = stages.decide_together(&all, &of_family, &contrary, &|_| None);
                gathered.add_positions(&tree, None);
                decided.push((family, tree.clone()));
                tree
            }
        };
        let outcomes: BTreeSet<Outcome> =
            tree.leaves().iter().map(|position| Outcome::of(&position.claims, &supports)).collect();
        let label = match outcomes.into_iter().collect::<Vec<_>>().as_slice() {
            [Outcome::Passes] => Label::Accepted,
            [Outcome::Stops] => Label::Rejected,
            _ => Label::Undecided,
        };
        let (mut for_it, mut against) = (BTreeSet::new(), BTreeSet::new());
        for claim in tree.leaves().iter().flat_map(|position| position.claims.iter()) {
            let own = supports(&claim.says) == Some(true);
            let Some(rule) = claim.author() else { continue };
            if own {
                for_it.insert(rule.to_owned());
            } else if supports(&claim.says) == Some(false)
                || thesis_of(&claim.says).is_some_and(|(kind, other)| kind == *recommendation && rivals(other, id))
            {
                against.insert(rule.to_owned());
            }
        }
        let thesis = world.propositions.get(id);
        let what_if = world.what_ifs.get(id);
        // Where the thesis itself is put plainly, the caution of its author's own rules counts.
        let cautious = for_it.iter().filter_map(|rule| stages.rules.rules.get(rule)).find(|rule| {
            rule.hedge != Hedge::Flat && thesis.is_some_and(|own| own.source == rule.source && own.hedge == Hedge::Flat)
        });
        let cautious = cautious.map(|rule| rule.hedge);
        results.push(Assessment {
            id: id.clone(),
            recommendation: *recommendation,
            text: match (recommendation, thesis, what_if) {
                (false, Some(thesis), _) => thesis.text.clone(),
                (true, _, Some(what_if)) => what_if.text.clone(),
                _ => id.clone(),
            },
            hedge: thesis.filter(|_| !recommendation).map(|thesis| cautious.unwrap_or(thesis.hedge)),
            source: thesis.filter(|_| !recommendation).map(|thesis| thesis.source.clone()),
            label,
            account: None,
            supported_by: for_it.into_iter().collect(),
            opposed_by: against.into_iter().collect(),
        });
    }
    results
}

/// A proposition, or (`true`) a what-if that is recommended.
type Thesis<'a> = (bool, &'a str);

fn thesis_of(says: &Says) -> Option<Thesis<'_>> {
    match says {
        Says::Asserts { proposition } | Says::Denies { proposition } => Some((false, proposition)),
        Says::Recommends { what_if } => Some((true, what_if)),
        _ => None,
    }
}

/// A thesis with everything that rivalry ties to it, directly or through others.
fn family<'a>(
    thesis: Thesis<'a>,
    theses: &'a BTreeSet<(bool, Id)>,
    rivals: &dyn Fn(&str, &str) -> bool,
) -> BTreeSet<Thesis<'a>> {
    let mut family = BTreeSet::from([thesis]);
    let mut open = vec![thesis];
    while let Some((kind, own)) = open.pop() {
        for (_, other) in theses.iter().filter(|(other, id)| *other == kind && rivals(own, id)) {
            if family.insert((kind, other)) {
                open.push((kind, other));
            }
        }
    }
    family
}

/// Results of all accounts: equal ones once without an account, the others each with its own.
pub(super) fn merged<'a, T: Clone + PartialEq + 'a>(
    of_accounts: impl Iterator<Item = (&'a Option<Id>, &'a [T])>,
    set_account: impl Fn(&mut T, Option<Id>),
) -> Vec<T> {
    let of_accounts: Vec<(&Option<Id>, &[T])> = of_accounts.collect();
    let mut results: Vec<T> = Vec::new();
    for (index, (account, own)) in of_accounts.iter().enumerate() {
        for result in *own {
            let everywhere = of_accounts.iter().all(|(_, other)| other.contains(result));
            if everywhere && index > 0 {
                continue;
            }
            let mut result = result.clone();
            set_account(&mut result, if everywhere { None } else { (*account).clone() });
            results.push(result);
        }
    }
    results
}
