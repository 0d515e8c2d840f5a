//! Arguments about one position: who attacks whom, who is preferred, what stands.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde::Serialize;

use crate::argument::{Attacks, Label};
use crate::ask::{FactRef, Read};
use crate::rules::{Rule, RuleSet, Says};
use crate::world::{Id, SourceKind, World};

/// Who makes an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// A mandate's data: the mandate's id.
    Mandate(Id),
    /// The absence of any mandate, or the assumed needs of a threat.
    Nothing,
    /// The scenario's author, or a source that states a need.
    Statement,
    /// A rule.
    Rule(Id),
}

/// One argument.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Who makes it.
    pub by: By,
    /// Where: `case/STATE`.
    pub at: String,
    /// What it says.
    pub says: Says,
    /// Whose it is.
    pub source: Option<Id>,
    /// Where in the source.
    pub locator: Option<String>,
    /// Why, in a few words.
    pub why: String,
    /// The facts it stands on, where it is no rule.
    pub facts: Vec<FactRef>,
    /// What the rule asked.
    pub reads: Rc<Vec<Read>>,
    /// Line and column of the emission in the script.
    pub position: (usize, usize),
    /// It met something undecided.
    pub tainted: bool,
    /// It holds only under the paper's own version of a fact, which the record denies.
    pub undermined: bool,
    /// Its standing.
    pub label: Label,
    /// What decided it, where something attacked it.
    pub decided_by: Option<Decider>,
    /// Indices of the arguments that attack it.
    pub attackers: Vec<usize>,
}

/// What decided an argument's standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decider {
    /// Higher rank of source.
    Rank,
    /// A rule written for the step goes before a default read off the mandate's data.
    Default,
    /// Strict over defeasible.
    Strict,
    /// A declared preference.
    Declared,
    /// The narrower guard (lex specialis).
    Narrower,
    /// A later text that supersedes (lex posterior).
    Supersedes,
    /// An undercut that stands.
    Undercut,
    /// A contested reading of the same text.
    Contested,
    /// A cycle of attacks.
    Cycle,
    /// The record denies a fact it stands on.
    Undermined,
    /// Something before it is undecided.
    Premise,
    /// Nobody is preferred.
    Nobody,
}

impl Decider {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Decider::Rank => "rank",
            Decider::Default => "default",
            Decider::Strict => "strict",
            Decider::Declared => "declared",
            Decider::Narrower => "narrower",
            Decider::Supersedes => "supersedes",
            Decider::Undercut => "undercut",
            Decider::Contested => "contested",
            Decider::Cycle => "cycle",
            Decider::Undermined => "undermined",
            Decider::Premise => "premise",
            Decider::Nobody => "nobody",
        }
    }

    /// In a sentence, for the reader of an explanation.
    pub fn sentence(self) -> &'static str {
        match self {
            Decider::Rank => "the higher rank of source decides",
            Decider::Default => "a rule written for the step goes before the default",
            Decider::Strict => "a strict rule goes before a defeasible one",
            Decider::Declared => "the preference is declared",
            Decider::Narrower => "the more special text goes first",
            Decider::Supersedes => "the later text supersedes the earlier",
            Decider::Undercut => "its inference is undercut",
            Decider::Contested => "its reading is contested",
            Decider::Cycle => "the attacks run in a circle",
            Decider::Undermined => "the record denies a fact it stands on",
            Decider::Premise => "what it builds on is undecided",
            Decider::Nobody => "neither side is preferred",
        }
    }
}

impl Claim {
    /// An argument that nobody has attacked or weighed yet.
    pub(super) fn new(by: By, at: String, says: Says, why: String) -> Self {
        Claim {
            by,
            at,
            says,
            source: None,
            locator: None,
            why,
            facts: Vec::new(),
            reads: Rc::default(),
            position: (0, 0),
            tainted: false,
            undermined: false,
            label: Label::Undecided,
            decided_by: None,
            attackers: Vec::new(),
        }
    }

    /// The id of the argument: `rule@case/STATE`.
    pub fn id(&self) -> String {
        let who = match &self.by {
            By::Mandate(mandate) => mandate.as_str(),
            By::Nothing => "no-text",
            By::Statement => "stated",
            By::Rule(rule) => rule.as_str(),
        };
        format!("{who}@{}", self.at)
    }

    /// The id of its rule or mandate.
    pub fn author(&self) -> Option<&str> {
        match &self.by {
            By::Rule(id) | By::Mandate(id) => Some(id),
            By::Nothing | By::Statement => None,
        }
    }
}

/// Labels arguments about one position, their attackers included. `contrary` says which two cannot both stand.
pub(super) fn label(claims: &mut [Claim], world: &World, rules: &RuleSet, contrary: &dyn Fn(&Says, &Says) -> bool) {
    let alone = claims.len() == 1;
    if let ([only], true) = (&mut *claims, alone)
        && !only.tainted
        && !only.undermined
    {
        only.label = Label::Accepted;
        return;
    }
    let count = claims.len();
    // One more argument, which nothing attacks, stands for the record.
    let record = count;
    let mut attacks = Attacks::new(count + 1);
    for (target, attacked) in claims.iter().enumerate() {
        if attacked.undermined {
            attacks.add(record, target);
        }
        if attacked.tainted {
            attacks.add(target, target);
        }
        for (attacker, claim) in claims.iter().enumerate() {
            let hit = match &claim.says {
                Says::Undercut { rule } => covers(&claim.at, &attacked.at) && attacked.by == By::Rule(rule.clone()),
                Says::Contests { rule } => covers(&claim.at, &attacked.at) && attacked.by == By::Rule(rule.clone()),
                _ => false,
            };
            let back = match &attacked.says {
                Says::Contests { rule } => covers(&attacked.at, &claim.at) && claim.by == By::Rule(rule.clone()),
                _ => false,
            };
            let rebuts = contrary(&claim.says, &attacked.says)
                && !matches!(preference(attacked, claim, world, rules), Some((true, _)));
            if attacker != target && (hit || back || rebuts) {
                attacks.add(attacker, target);
            }
        }
    }
    let labels = attacks.grounded();
    let before: Vec<Claim> = claims.to_vec();
    for (index, claim) in claims.iter_mut().enumerate() {
        claim.label = labels.get(index).copied().unwrap_or(Label::Undecided);
        claim.attackers = attacks.attackers(index).iter().copied().filter(|attacker| *attacker != record).collect();
        claim.decided_by = decider(index, claim, &before, &labels, &attacks, record, world, rules, contrary);
    }
}

/// Whether an attack made in one situation reaches an argument made in another: the same one, one inside it
/// (a case's attack reaches its states), one around it (a state's reaches its case), or one about the scenario as a whole.
fn covers(attacker: &str, target: &str) -> bool {
    let inside = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
    let pair = |at: &str| !at.contains('/') && at.contains('+');
    let whole = pair(target) && !pair(attacker);
    attacker == target || inside(target, attacker) || inside(attacker, target) || whole
}

#[expect(clippy::too_many_arguments, reason = "one private step of `label`, split off for its length alone")]
fn decider(
    index: usize,
    claim: &Claim,
    claims: &[Claim],
    labels: &[Label],
    attacks: &Attacks,
    record: usize,
    world: &World,
    rules: &RuleSet,
    contrary: &dyn Fn(&Says, &Says) -> bool,
) -> Option<Decider> {
    let attackers = attacks.attackers(index);
    let kind = |attacker: usize| -> Decider {
        let Some(other) = claims.get(attacker) else {
            return Decider::Undermined;
        };
        match &other.says {
            Says::Undercut { .. } => Decider::Undercut,
            Says::Contests { .. } => Decider::Contested,
            _ if matches!(claim.says, Says::Contests { .. }) => Decider::Contested,
            _ => preference(other, claim, world, rules).map_or(Decider::Nobody, |(_, why)| why),
        }
    };
    match claim.label {
        Label::Rejected => {
            if attackers.contains(&record) {
                return Some(Decider::Undermined);
            }
            // An undercut that stands is reason enough; a rebuttal that nobody prefers only stands because of something else.
            let standing = attackers.iter().copied().filter(|attacker| labels.get(*attacker) == Some(&Label::Accepted));
            let weight = |decider: &Decider| match decider {
                Decider::Undercut => 0,
                Decider::Nobody => 2,
                _ => 1,
            };
            standing.map(kind).min_by_key(weight)
        }
        Label::Accepted => claims
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index)
            .find(|(_, other)| contrary(&other.says, &claim.says))
            .and_then(|(_, other)| preference(claim, other, world, rules))
            .map(|(_, why)| why),
        Label::Undecided => {
            let open: Vec<usize> =
                attackers.iter().copied().filter(|attacker| labels.get(*attacker) == Some(&Label::Undecided)).collect();
            if open == [index] {
                return Some(Decider::Premise);
            }
            if open.iter().any(|attacker| kind(*attacker) == Decider::Contested) {
                return Some(Decider::Contested);
            }
            let cycle = attacks.cycle(labels, index);
            if cycle.len() > 2 {
                return Some(Decider::Cycle);
            }
            Some(Decider::Nobody)
        }
    }
}

/// Who is preferred of two arguments that rebut each other: `Some((true, why))` is the first, `None` nobody.
///
/// Fixed between rules when the pack is loaded: rank of source; a rule before a default; strict before defeasible;
/// declared; between legal texts the narrower guard; then `supersedes`.
fn preference(first: &Claim, second: &Claim, world: &World, rules: &RuleSet) -> Option<(bool, Decider)> {
    let (one, other) = (Weight::of(first, world, rules), Weight::of(second, world, rules));
    if one.rank != other.rank {
        return Some((one.rank > other.rank, Decider::Rank));
    }
    if one.rule.is_some() != other.rule.is_some() {
        return Some((one.rule.is_some(), Decider::Default));
    }
    let strict = |weight: &Weight<'_>| weight.rule.is_some_and(|rule| rule.strict);
    if strict(&one) != strict(&other) {
        return Some((strict(&one), Decider::Strict));
    }
    if let (Some(mine), Some(theirs)) = (one.rule, other.rule) {
        match (overrides(rules, mine, &theirs.id), overrides(rules, theirs, &mine.id)) {
            (true, false) => return Some((true, Decider::Declared)),
            (false, true) => return Some((false, Decider::Declared)),
            _ => {}
        }
    }
    if one.legal && other.legal {
        match (one.narrower(&other, world), other.narrower(&one, world)) {
            (true, false) => return Some((true, Decider::Narrower)),
            (false, true) => return Some((false, Decider::Narrower)),
            _ => {}
        }
        match (supersedes(world, &one, &other), supersedes(world, &other, &one)) {
            (true, false) => return Some((true, Decider::Supersedes)),
            (false, true) => return Some((false, Decider::Supersedes)),
            _ => {}
        }
    }
    None
}

/// Declared preference is followed through.
fn overrides(rules: &RuleSet, rule: &Rule, target: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&Id> = rule.overrides.keys().collect();
    while let Some(next) = open.pop() {
        if next == target {
            return true;
        }
        if seen.insert(next) {
            open.extend(rules.rules.get(next).into_iter().flat_map(|rule| rule.overrides.keys()));
        }
    }
    false
}

fn supersedes(world: &World, one: &Weight<'_>, other: &Weight<'_>) -> bool {
    let (Some(mine), Some(theirs)) = (one.source, other.source) else {
        return false;
    };
    let by_source = world.sources.get(mine).is_some_and(|source| source.supersedes.iter().any(|older| older == theirs));
    let by_text = world.instruments.get(mine).is_some_and(|text| text.supersedes.iter().any(|older| older == theirs));
    by_source || by_text
}

/// What counts when two arguments are weighed.
struct Weight<'w> {
    rank: i64,
    legal: bool,
    rule: Option<&'w Rule>,
    source: Option<&'w str>,
    threats: Vec<&'w str>,
    functions: Vec<&'w str>,
}

impl<'w> Weight<'w> {
    fn of(claim: &'w Claim, world: &'w World, rules: &'w RuleSet) -> Self {
        let source = claim.source.as_deref().and_then(|key| world.sources.get(key));
        let rule = match &claim.by {
            By::Rule(id) => rules.rules.get(id),
            _ => None,
        };
        let mandate = match &claim.by {
            By::Mandate(id) => world.mandates.iter().find(|mandate| mandate.fact.id == *id),
            _ => None,
        };
        let (threats, functions) = match (rule, mandate) {
            (Some(rule), _) => (&rule.threats[..], &rule.functions[..]),
            (None, Some(mandate)) => (&mandate.threats[..], &mandate.functions[..]),
            (None, None) => (&[][..], &[][..]),
        };
        Weight {
            // What nobody states weighs least.
            rank: match claim.by {
                By::Nothing => -1,
                _ => source.map_or(0, |source| source.rank),
            },
            legal: source.is_some_and(|source| matches!(source.kind, SourceKind::Treaty | SourceKind::Official)),
            rule,
            source: claim.source.as_deref(),
            threats: threats.iter().map(String::as_str).collect(),
            functions: functions.iter().map(String::as_str).collect(),
        }
    }

    /// Whether everything this guard lets through, the other lets through too, and not the other way round.
    fn narrower(&self, other: &Weight<'_>, world: &World) -> bool {
        let within = |mine: &[&str], theirs: &[&str], is_a: &dyn Fn(&str, &str) -> bool| {
            theirs.is_empty()
                || (!mine.is_empty() && mine.iter().all(|narrow| theirs.iter().any(|wide| is_a(narrow, wide))))
        };
        let threats = |a: &str, b: &str| world.threats.is_a(a, b);
        let functions = |a: &str, b: &str| world.functions.is_a(a, b);
        let inside = |one: &Weight<'_>, two: &Weight<'_>| {
            within(&one.threats, &two.threats, &threats) && within(&one.functions, &two.functions, &functions)
        };
        inside(self, other) && !inside(other, self)
    }
}
