//! The arguments of an evaluation and who attacks whom, as a graph: all that take part in an attack, or those around one of them.
//!
//! Nothing is weighed here, and how a graph is drawn is not known.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{By, Claim, Decider, Evaluated, Trace};
use crate::argument::Label;
use crate::diagnostic::{Diagnostic, Place, suggestion};
use crate::rules::Says;
use crate::world::Id;

/// The version of this shape.
pub const SCHEMA: &str = "mandatum/graph/1";

/// Arguments and attacks.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Graph {
    /// The version of this shape.
    pub schema: &'static str,
    /// The scenario.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// The day, month or year the world is read on.
    pub as_of: String,
    /// Papers taken at their word.
    pub lenses: Vec<String>,
    /// The cell, argument or rule around which it is drawn; without one, every argument that takes part in an attack.
    pub about: Option<String>,
    /// The arguments, by id.
    pub arguments: Vec<Argument>,
    /// The attacks, by attacker and target.
    pub attacks: Vec<Attack>,
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Argument {
    /// `rule@case/STATE: position`; with ` (ACCOUNT)` where the accounts differ.
    pub id: String,
    /// `rule@case/STATE`; a mandate in the rule's place where its data speaks.
    pub argument: String,
    /// The account, where the accounts differ.
    pub account: Option<String>,
    /// What it says.
    pub position: String,
    /// The thesis, where it asserts or denies one.
    pub thesis: Option<String>,
    /// Its source.
    pub source: Option<String>,
    /// Where in the source.
    pub locator: Option<String>,
    /// Who speaks.
    pub by: Speaker,
    /// Its standing.
    pub label: Label,
    /// What decided it.
    pub decided_by: Option<Decider>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Speaker {
    /// A rule.
    Rule,
    /// The data of a mandate.
    Mandate,
    /// What is taken for granted where no text speaks.
    Nobody,
    /// The scenario's author, or a source that states a need.
    Statement,
}

/// An attack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Attack {
    /// The id of the attacker.
    pub attacker: String,
    /// The id of the attacked.
    pub target: String,
    /// How.
    pub kind: Kind,
}

/// How one argument attacks another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It says the contrary.
    Rebuts,
    /// It denies that the reason carries.
    Undercuts,
    /// It reads the same text another way; both attack.
    Contests,
    /// It attacks itself: what it builds on is undecided.
    Premise,
}

impl Kind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Rebuts => "rebuts",
            Kind::Undercuts => "undercuts",
            Kind::Contests => "contests",
            Kind::Premise => "builds on the undecided",
        }
    }
}

/// The graph of an evaluation. `about` is a cell (`case/STATE/function`), an argument (`rule@case/STATE`) or a rule:
/// then the graph holds its arguments, all that attacks ties to them, and attacks on what mandates say.
///
/// Errors: the evaluation has no such cell, argument or rule.
pub fn graph(evaluated: &Evaluated, about: Option<&str>) -> Result<Graph, Diagnostic> {
    let of_accounts: Vec<Web> = evaluated.traces.iter().map(|trace| web(trace, about)).collect();
    if let Some(about) = about
        && of_accounts.iter().all(|web| web.roots.is_empty())
    {
        return Err(unknown(evaluated, about));
    }
    // Of the same standing and under the same attacks: then one argument stands for all accounts.
    let everywhere = |key: &Key, own: &Web| {
        let alike = |other: &Web| other.nodes.get(key) == own.nodes.get(key) && other.struck(key) == own.struck(key);
        of_accounts.iter().all(alike)
    };
    let theses: BTreeMap<&str, &str> =
        evaluated.evaluation.assessments.iter().map(|own| (own.id.as_str(), own.text.as_str())).collect();
    let mut arguments: BTreeSet<Argument> = BTreeSet::new();
    let mut attacks: BTreeSet<Attack> = BTreeSet::new();
    for (web, trace) in of_accounts.iter().zip(&evaluated.traces) {
        let mut ids: BTreeMap<&Key, String> = BTreeMap::new();
        for (key, node) in &web.nodes {
            let account = trace.account.clone().filter(|_| !everywhere(key, web));
            let id = match &account {
                Some(account) => format!("{} ({account})", node.id),
                None => node.id.clone(),
            };
            ids.insert(key, id.clone());
            let thesis = node.thesis.as_deref().and_then(|id| theses.get(id)).map(|text| (*text).to_owned());
            arguments.insert(Argument { id, account, thesis, ..node.clone() });
        }
        for ((target, attacker), kind) in &web.attacks {
            if let (Some(attacker), Some(target)) = (ids.get(attacker), ids.get(target)) {
                attacks.insert(Attack { attacker: attacker.clone(), target: target.clone(), kind: *kind });
            }
        }
    }
    Ok(Graph {
        schema: SCHEMA,
        scenario: evaluated.evaluation.scenario.clone(),
        title: evaluated.evaluation.title.clone(),
        as_of: evaluated.evaluation.as_of.clone(),
        lenses: evaluated.evaluation.lenses.clone(),
        about: about.map(str::to_owned),
        arguments: arguments.into_iter().collect(),
        attacks: attacks.into_iter().collect(),
    })
}

/// An argument's id and what it says: an id alone may say several things.
type Key = (String, String);

/// What was argued under one account.
#[derive(Default)]
struct Web {
    nodes: BTreeMap<Key, Argument>,
    /// How, by target and attacker.
    attacks: BTreeMap<(Key, Key), Kind>,
    /// The arguments asked about.
    roots: BTreeSet<Key>,
}

impl Web {
    /// Notes an argument with its attackers, as they stood where it was decided.
    fn add(&mut self, claims: &[Claim], index: usize) {
        let Some(target) = claims.get(index) else { return };
        self.nodes.entry(key(target)).or_insert_with(|| argument(target));
        for own in &target.attackers {
            let Some(attacker) = claims.get(*own) else { continue };
            self.nodes.entry(key(attacker)).or_insert_with(|| argument(attacker));
            let kind = if *own == index { Kind::Premise } else { kind(attacker, target) };
            self.attacks.entry((key(target), key(attacker))).or_insert(kind);
        }
    }

    /// Who attacks an argument, and how.
    fn struck(&self, target: &Key) -> Vec<(&Key, Kind)> {
        let from = (target.clone(), Key::default());
        let own = self.attacks.range(from..).take_while(|((other, _), _)| other == target);
        own.map(|((_, attacker), kind)| (attacker, *kind)).collect()
    }

    /// Leaves only what attacks tie to these.
    fn keep(&mut self, roots: &BTreeSet<Key>) {
        let mut near: BTreeMap<&Key, Vec<&Key>> = BTreeMap::new();
        for (target, attacker) in self.attacks.keys() {
            near.entry(attacker).or_default().push(target);
            near.entry(target).or_default().push(attacker);
        }
        let mut kept: BTreeSet<Key> = BTreeSet::new();
        let mut open: Vec<&Key> = roots.iter().collect();
        while let Some(next) = open.pop() {
            if kept.insert(next.clone()) {
                open.extend(near.get(next).into_iter().flatten());
            }
        }
        self.nodes.retain(|key, _| kept.contains(key));
        self.attacks.retain(|(target, _), _| kept.contains(target));
    }
}

fn web(trace: &Trace, about: Option<&str>) -> Web {
    let mut web = Web::default();
    // First each rule's argument as the evaluation has it, so that its standing there is the one that counts.
    for (claims, index) in trace.gathered.origins() {
        if let Some(claim) = claims.get(index) {
            web.nodes.insert(key(claim), argument(claim));
        }
    }
    for (claims, index) in trace.gathered.origins() {
        web.add(claims, index);
    }
    let Some(about) = about else {
        let tied: BTreeSet<Key> = web.attacks.keys().flat_map(|(one, other)| [one.clone(), other.clone()]).collect();
        web.nodes.retain(|key, _| tied.contains(key));
        return web;
    };
    let mut seen: BTreeSet<Key> = BTreeSet::new();
    for claims in &trace.gathered.claims {
        for (index, claim) in claims.iter().enumerate() {
            let default = !matches!(claim.by, By::Rule(_)) && !claim.attackers.is_empty();
            if default && seen.insert(key(claim)) {
                web.add(claims, index);
            }
        }
    }
    let mut roots: BTreeSet<Key> = web
        .nodes
        .values()
        .filter(|own| own.argument == about || own.argument.strip_prefix(about).is_some_and(|at| at.starts_with('@')))
        .map(|own| (own.argument.clone(), own.position.clone()))
        .collect();
    for ((case, state, function), cell) in &trace.cells {
        if format!("{case}/{state}/{function}") == about {
            let worlds = cell.rows.iter().flat_map(|row| &row.steps).flat_map(|step| &step.worlds);
            let claims = worlds.flat_map(|(_, _, claims)| claims.iter());
            roots.extend(claims.filter(|claim| matches!(claim.by, By::Rule(_))).map(key));
        }
    }
    web.keep(&roots);
    Web { roots, ..web }
}

fn key(claim: &Claim) -> Key {
    (claim.id(), claim.says.position())
}

/// The argument as it stands; its thesis is an id still.
fn argument(claim: &Claim) -> Argument {
    let (id, position) = key(claim);
    Argument {
        argument: id.clone(),
        id: format!("{id}: {position}"),
        account: None,
        position,
        thesis: match &claim.says {
            Says::Asserts { proposition } | Says::Denies { proposition } => Some(proposition.clone()),
            Says::Recommends { what_if } => Some(what_if.clone()),
            _ => None,
        },
        source: claim.source.clone(),
        locator: claim.locator.clone(),
        by: match &claim.by {
            By::Rule(_) => Speaker::Rule,
            By::Mandate(_) => Speaker::Mandate,
            By::Nothing => Speaker::Nobody,
            By::Statement => Speaker::Statement,
        },
        label: claim.label,
        decided_by: claim.decided_by,
    }
}

fn kind(attacker: &Claim, target: &Claim) -> Kind {
    let names = |rule: &Id, claim: &Claim| claim.by == By::Rule(rule.clone());
    match (&attacker.says, &target.says) {
        (Says::Undercut { rule }, _) if names(rule, target) => Kind::Undercuts,
        (Says::Contests { rule }, _) if names(rule, target) => Kind::Contests,
        (_, Says::Contests { rule }) if names(rule, attacker) => Kind::Contests,
        _ => Kind::Rebuts,
    }
}

fn unknown(evaluated: &Evaluated, about: &str) -> Diagnostic {
    let cells = evaluated.traces.iter().flat_map(|trace| trace.cells.keys());
    let mut ids: BTreeSet<String> = cells.map(|(case, state, need)| format!("{case}/{state}/{need}")).collect();
    let no_rule = ids.contains(about);
    ids.extend(evaluated.evaluation.arguments.iter().flat_map(|own| [own.id.clone(), own.rule.clone()]));
    let place = Place::whole(&evaluated.scenario.place.file);
    if no_rule {
        let message = format!("no rule speaks in the cell `{about}`, so that there is nothing to draw");
        return Diagnostic::error("no-argument", message, place, "asked for")
            .help(format!("what the mandates say there: mandatum explain {} {about}", evaluated.evaluation.scenario));
    }
    let message = format!("this evaluation has no cell, argument or rule `{about}`");
    let mut problem = Diagnostic::error("no-argument", message, place, "asked for");
    let close: Vec<&str> =
        ids.iter().map(String::as_str).filter(|id| id.starts_with(about) || id.ends_with(about)).take(5).collect();
    problem.help = if close.is_empty() {
        suggestion(about, ids.iter().map(String::as_str))
            .or_else(|| ids.first().map(|id| format!("for example `{id}`")))
    } else {
        Some(format!("perhaps {}", close.join(", ")))
    };
    problem
}
