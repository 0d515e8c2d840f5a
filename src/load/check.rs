//! What can only be seen once every file is read: dangling ids, repetitions, cycles, overlapping memberships.

use std::collections::{BTreeMap, BTreeSet};

use super::CORE;
use super::fact::Pending;
use super::table::{Kind, Reference};
use crate::date::{Bound, Interval};
use crate::diagnostic::{Diagnostic, Place, Problems, suggestion};
use crate::world::{DecidedBy, Fact, Id, JudgedValue, Scenario, World, kind_of};

/// Ids that stand outside the world.
#[derive(Clone, Debug, Default)]
pub(super) struct Named<'a> {
    pub(super) cases: Vec<&'a str>,
    pub(super) scenarios: Vec<&'a str>,
    pub(super) claims: Vec<&'a str>,
    pub(super) discrepancies: Vec<&'a str>,
    /// The scenario's own.
    pub(super) what_ifs: Vec<&'a str>,
}

/// Every problem of a whole world.
pub(super) fn check(world: &World, named: &Named<'_>, references: &[Reference], pending: &Pending) -> Problems {
    let mut problems = Problems::default();
    dangling(world, named, references, &mut problems);
    repeated(pending, &mut problems);
    cycles(world, &mut problems);
    memberships(world, &mut problems);
    versions(world, &mut problems);
    undecidable(world, &mut problems);
    problems
}

/// Values judged for a scenario have to lie on their scale.
pub(super) fn judged(world: &World, scenario: &Scenario) -> Problems {
    let mut problems = Problems::default();
    for own in &scenario.judged {
        let (Some(judgement), JudgedValue::Number(value)) = (world.judgements.get(&own.judgement), own.value) else {
            continue;
        };
        let [lowest, highest] = judgement.scale;
        if !(lowest..=highest).contains(&value) {
            let message = format!("{value} is off the scale of `{}`, from {lowest} to {highest}", own.judgement);
            let problem = Diagnostic::error("off-scale", message, own.place.clone(), "off the scale");
            problems.push(problem.help("the scale stands with the [[judgement]]"));
        }
    }
    problems
}

/// Every dated row of the world, with the name of its table.
pub(crate) fn facts(world: &World) -> impl Iterator<Item = (&'static str, &Fact)> {
    let parties = world.parties.iter().map(|row| ("party", &row.fact));
    let memberships = world.memberships.iter().map(|row| ("membership", &row.fact));
    let attributes = world.attributes.iter().map(|row| ("attribute", &row.fact));
    let mandates = world.mandates.iter().map(|row| ("mandate", &row.fact));
    let capabilities = world.capabilities.iter().map(|row| ("capability", &row.fact));
    let practices = world.practices.iter().map(|row| ("practice", &row.fact));
    let links = world.links.iter().map(|row| ("link", &row.fact));
    let rules = world.decision_rules.iter().map(|row| ("decision-rule", &row.fact));
    parties
        .chain(memberships)
        .chain(attributes)
        .chain(mandates)
        .chain(capabilities)
        .chain(practices)
        .chain(links)
        .chain(rules)
}

fn dangling(world: &World, named: &Named<'_>, references: &[Reference], problems: &mut Problems) {
    // Thousands of references name a few kinds of things: what there is of each is gathered once.
    let mut known: BTreeMap<Kind, BTreeSet<&str>> = BTreeMap::new();
    for reference in references {
        let known = known.entry(reference.kind).or_insert_with(|| declared(world, named, reference.kind));
        if known.contains(reference.id.as_str()) {
            continue;
        }
        let message = format!("there is no {} `{}`", reference.kind.name(), reference.id);
        let other = kind_of(world, &reference.id).filter(|_| !matches!(reference.kind, Kind::Case | Kind::Scenario));
        let (label, help) = match other {
            Some((kind, id)) if id == reference.id => (format!("this is {kind}"), None),
            Some((kind, id)) if known.contains(id) => {
                (format!("the name of {kind}"), Some(format!("write its id: `{id}`")))
            }
            _ if reference.id.contains(", ") => {
                let items: Vec<String> = reference.id.split(", ").map(|item| format!("\"{item}\"")).collect();
                ("one text".to_owned(), Some(format!("write a list: [{}]", items.join(", "))))
            }
            _ => ("unknown id".to_owned(), None),
        };
        let mut problem = Diagnostic::error("unknown-id", message, reference.place.clone(), label);
        let known = known.iter().copied().filter(|id| *id != CORE);
        problem.help = help.or_else(|| suggestion(&reference.id, known.clone())).or_else(|| {
            Some(match known.count() {
                0 => "none is declared yet: declare one first, or drop this line".to_owned(),
                count => format!("{count} are declared, and none is called nearly so"),
            })
        });
        problems.push(problem);
    }
}

/// The ids of one kind.
fn declared<'w>(world: &'w World, named: &Named<'w>, kind: Kind) -> BTreeSet<&'w str> {
    fn ids<T>(of: &BTreeMap<Id, T>) -> impl Iterator<Item = &str> {
        of.keys().map(String::as_str)
    }
    match kind {
        Kind::Source => ids(&world.sources).collect(),
        Kind::State => ids(&world.states).collect(),
        Kind::Body => ids(&world.bodies).collect(),
        Kind::Holder => ids(&world.bodies).chain(ids(&world.states)).collect(),
        Kind::AnyActor => ids(&world.bodies).chain(ids(&world.states)).chain(ids(&world.actors)).collect(),
        Kind::Instrument => ids(&world.instruments).collect(),
        Kind::Threat => ids(&world.threats.terms).collect(),
        Kind::Function => ids(&world.functions.terms).collect(),
        Kind::Judgement => ids(&world.judgements).collect(),
        Kind::Proposition => ids(&world.propositions).collect(),
        Kind::Thesis => {
            ids(&world.propositions).chain(ids(&world.what_ifs)).chain(named.what_ifs.iter().copied()).collect()
        }
        Kind::Case => named.cases.iter().copied().collect(),
        Kind::Scenario => named.scenarios.iter().copied().collect(),
        Kind::Claim => named.claims.iter().copied().collect(),
        Kind::Discrepancy => named.discrepancies.iter().copied().collect(),
        Kind::Mandate => world.mandates.iter().map(|row| row.fact.id.as_str()).collect(),
        Kind::Row => facts(world).map(|(_, fact)| fact.id.as_str()).collect(),
    }
}

fn repeated(pending: &Pending, problems: &mut Problems) {
    let mut first: BTreeMap<(&str, &str), &Place> = BTreeMap::new();
    for (table, id, place) in &pending.declared {
        if let Some(earlier) = first.get(&(*table, id.as_str())) {
            let problem = Diagnostic::error(
                "duplicate-id",
                format!("the {table} `{id}` is declared twice"),
                place.clone(),
                "again here",
            )
            .label((*earlier).clone(), "first here")
            .help("keep one of the two, or give one another id");
            problems.push(problem);
        } else {
            first.insert((table, id), place);
        }
    }
}

fn cycles(world: &World, problems: &mut Problems) {
    for (what, taxonomy) in [("threat", &world.threats), ("function", &world.functions)] {
        let edges = |id: &str| taxonomy.terms.get(id).map(|term| term.is_a.clone()).unwrap_or_default();
        for (id, term) in &taxonomy.terms {
            report_cycle(id, &edges, &term.place, &format!("the {what} `{id}` is a kind of itself"), problems);
        }
    }
    for (id, body) in &world.bodies {
        let parent =
            |id: &str| world.bodies.get(id).and_then(|body| body.parent.clone()).into_iter().collect::<Vec<_>>();
        report_cycle(id, &parent, &body.place, &format!("the organ `{id}` is its own parent"), problems);
        let earlier =
            |id: &str| world.bodies.get(id).and_then(|body| body.predecessor.clone()).into_iter().collect::<Vec<_>>();
        report_cycle(id, &earlier, &body.place, &format!("`{id}` is its own predecessor"), problems);
    }
}

fn report_cycle(
    start: &str,
    next: &dyn Fn(&str) -> Vec<String>,
    place: &Place,
    message: &str,
    problems: &mut Problems,
) {
    let mut seen = BTreeSet::new();
    let mut open = next(start);
    while let Some(id) = open.pop() {
        if id == start {
            let problem = Diagnostic::error("cycle", message, place.clone(), "this is in the cycle")
                .help("follow the chain from here and drop the link that closes it");
            problems.push(problem);
            return;
        }
        if seen.insert(id.clone()) {
            open.extend(next(&id));
        }
    }
}

fn memberships(world: &World, problems: &mut Problems) {
    let mut rows: BTreeMap<(&str, &str), Vec<&crate::world::Membership>> = BTreeMap::new();
    for row in world.memberships.iter().filter(|row| row.fact.version_of.is_none()) {
        rows.entry((&row.state, &row.organisation)).or_default().push(row);
    }
    for ((state, organisation), rows) in rows {
        for (index, row) in rows.iter().enumerate() {
            let Some(earlier) = rows.iter().take(index).find(|earlier| overlap(&earlier.fact.held, &row.fact.held))
            else {
                continue;
            };
            let message = format!("two memberships of `{state}` in `{organisation}` overlap in time");
            let problem = Diagnostic::error("overlapping-memberships", message, row.fact.place.clone(), "this one")
                .label(earlier.fact.place.clone(), "and this one")
                .help("end the first with `until`; if two sources disagree, mark one as `version_of` the other");
            problems.push(problem);
        }
    }
}

/// Whether two intervals surely share a day.
fn overlap(a: &Interval, b: &Interval) -> bool {
    if a.from == Bound::Never || b.from == Bound::Never {
        return false;
    }
    let starts_before_end = |start: Bound, end: Bound| match (start, end) {
        (Bound::On(start), Bound::On(end)) => start.last() < end.first(),
        (Bound::Unknown, Bound::On(_)) | (_, Bound::Unknown) => false,
        _ => true,
    };
    starts_before_end(a.from, b.until) && starts_before_end(b.from, a.until)
}

fn versions(world: &World, problems: &mut Problems) {
    let tables: BTreeMap<&str, &str> = facts(world).map(|(table, fact)| (fact.id.as_str(), table)).collect();
    for (table, fact) in facts(world) {
        if let Some(original) = &fact.version_of
            && let Some(other) = tables.get(original.as_str())
            && *other != table
        {
            let message = format!("a {table} cannot be a version of a {other}");
            problems.push(
                Diagnostic::error("wrong-version", message, fact.place.clone(), format!("`{original}` is a {other}"))
                    .help("`version_of` names the row of the same table that this one contradicts"),
            );
        }
    }
}

/// Mandates whose default decision has nobody to take it are fine (see the ladder); one that names a body outside its line is not.
fn undecidable(world: &World, problems: &mut Problems) {
    for mandate in &world.mandates {
        if mandate.decision == Some(DecidedBy::TopOrgan) && world.states.contains_key(&mandate.holder) {
            let message = format!("`{}` is a state: it has no top organ", mandate.holder);
            let problem =
                Diagnostic::error("no-organ", message, mandate.fact.place.clone(), "decided by its top organ")
                    .help("leave `decision` out, or write `decision = \"none\"`");
            problems.push(problem);
        }
    }
}
