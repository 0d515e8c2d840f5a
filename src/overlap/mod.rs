//! Institutional overlap: how far two lines of organisations share members and functions on a day, and over time.
//!
//! Four kinds of measure, as Haftel and Lenz name them: dyadic, weighted, directed-dyadic, monadic (Yoram Z. Haftel and
//! Tobias Lenz 2022, "Measuring institutional overlap in global governance", The Review of International Organizations
//! 17(2): 323-347, doi 10.1007/s11558-021-09415-3). The formulas here are this engine's own: docs/overlap.md defines
//! them and lists where they are known to depart. Counts statements of texts; says nothing of what anybody does.

mod roster;
mod series;
mod share;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use roster::{Counts, Roster, Standing};
pub use series::{Course, Series, Span, changes, over};
pub use share::Range;
use share::Sure;

use crate::date::Day;
use crate::world::{Id, World};

/// The version of this shape.
pub const SCHEMA: &str = "mandatum/overlap/1";

/// Which states a line counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// Members of its organisation.
    #[default]
    Members,
    /// States bound by the instruments under which it has mandates.
    Parties,
}

/// What is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Which states.
    pub counted: Counted,
    /// Mandates against this threat, or a wider one, alone; `None`: against any.
    pub threat: Option<Id>,
    /// Aims count beside powers and duties.
    pub aims: bool,
    /// Papers taken at their word.
    pub lenses: BTreeSet<Id>,
}

/// What is printed: the overlap on one day, or over time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Overlap {
    /// The version of this shape.
    pub schema: &'static str,
    /// The pack.
    pub pack: String,
    /// The scenario whose world was read, if one was named.
    pub scenario: Option<String>,
    /// Which states a line counts.
    pub counted: Counted,
    /// The threat to which mandates were narrowed.
    pub threat: Option<String>,
    /// Whether aims count beside powers and duties.
    pub aims: bool,
    /// Papers taken at their word.
    pub lenses: Vec<String>,
    /// How far the record was checked.
    pub known_until: Option<String>,
    /// What a reader should know.
    pub warnings: Vec<String>,
    /// Names of organisations, states by id.
    pub names: BTreeMap<String, String>,
    /// The overlap on one day.
    pub on: Option<Snapshot>,
    /// The overlap over time.
    pub over: Option<Series>,
}

/// Every line and every pair of lines on one day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Snapshot {
    /// The day.
    pub day: String,
    /// The day after it.
    pub until: String,
    /// The pair that was asked for; `None`: all of them.
    pub between: Option<[String; 2]>,
    /// Lines with states and functions, by id.
    pub lines: Vec<Line>,
    /// Lines that are there on the day and have no states or no functions on record.
    pub left_out: Vec<LeftOut>,
    /// Pairs of lines, those with the highest weighted overlap first.
    pub dyads: Vec<Dyad>,
    /// Each line against all others, those with the highest sum first.
    pub monads: Vec<Monad>,
}

/// A line on the day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Line {
    /// Its id: that of the youngest organisation in it.
    pub id: String,
    /// The organisation that stands for it on the day.
    pub body: String,
    /// States that surely count.
    pub members: Vec<String>,
    /// Functions that surely count.
    pub functions: Vec<String>,
    /// States and functions of which the record does not tell.
    pub unsure: Vec<Unsure>,
}

/// A state or a function of which the record does not tell whether it counts.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Unsure {
    /// The state or the function.
    pub id: String,
    /// The facts that decide.
    pub because: Vec<String>,
}

/// A line that is there and cannot be measured.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// Its id.
    pub id: String,
    /// Why.
    pub because: &'static str,
}

/// Whether two lines share at least one member and at least one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Overlaps {
    /// They do.
    Yes,
    /// They do not.
    No,
    /// The record does not tell.
    Unsure,
}

/// Two lines.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Dyad {
    /// The first line.
    pub a: String,
    /// The second line.
    pub b: String,
    /// States that surely count in both.
    pub shared_members: Vec<String>,
    /// Functions that surely count in both.
    pub shared_functions: Vec<String>,
    /// States of which the record does not tell whether they count in one or both.
    pub unsure_members: Vec<String>,
    /// Functions of which the record does not tell whether they count in one or both.
    pub unsure_functions: Vec<String>,
    /// What is measured.
    pub figures: Figures,
}

/// What is measured of two lines: counts of what is sure, and the measures with what the record leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Figures {
    /// Dyadic: whether they share a member and a function.
    pub overlaps: Overlaps,
    /// Dyadic: states surely in both.
    pub shared_members: usize,
    /// States surely in the first.
    pub members_a: usize,
    /// States surely in the second.
    pub members_b: usize,
    /// Dyadic: functions surely of both.
    pub shared_functions: usize,
    /// Functions surely of the first.
    pub functions_a: usize,
    /// Functions surely of the second.
    pub functions_b: usize,
    /// States and functions that may or may not count in one or both.
    pub unsure: usize,
    /// Shared states by states of either.
    pub member_share: Range,
    /// Shared functions by functions of either.
    pub function_share: Range,
    /// Weighted: `member_share` times `function_share`.
    pub weighted: Range,
    /// Directed: share of the first's states that the second has, times share of the first's functions that the second has.
    pub a_to_b: Range,
    /// Directed: the same from the second to the first.
    pub b_to_a: Range,
}

/// One line against all others on the day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Monad {
    /// The line.
    pub line: String,
    /// Sum of the directed measure from it to every other.
    pub sum: Range,
    /// The sum divided by the number of others.
    pub mean: Range,
    /// With how many others it surely overlaps.
    pub overlapping: usize,
    /// With how many others it may overlap beside.
    pub perhaps: usize,
    /// How many others there are.
    pub others: usize,
}

/// The overlap of every pair of lines on a day, or of one pair.
pub fn on(world: &Arc<World>, day: Day, options: &Options, between: Option<[&str; 2]>) -> Snapshot {
    let (measured, rest): (Vec<Standing>, Vec<Standing>) =
        Roster::new(world, options).on(day).into_iter().partition(measurable);
    let all = dyads(&measured);
    let mut monads: Vec<Monad> = measured.iter().map(|own| monad(&own.line, &all)).collect();
    monads.sort_by(|one, two| descending(one.sum, two.sum).then_with(|| one.line.cmp(&two.line)));
    let asked = |line: &str| between.is_none_or(|pair| pair.contains(&line));
    let mut dyads: Vec<Dyad> = match between {
        None => all,
        Some([a, b]) => {
            let of = |id: &str| measured.iter().find(|own| own.line == id);
            of(a).zip(of(b)).map(|(a, b)| dyad(a, b)).into_iter().collect()
        }
    };
    dyads.sort_by(|one, two| {
        let ids = || (&one.a, &one.b).cmp(&(&two.a, &two.b));
        descending(one.figures.weighted, two.figures.weighted).then_with(ids)
    });
    monads.retain(|own| asked(&own.line));
    Snapshot {
        day: day.to_string(),
        until: day.next().to_string(),
        between: between.map(|pair| pair.map(str::to_owned)),
        lines: measured.iter().filter(|own| asked(&own.line)).map(line).collect(),
        left_out: rest.iter().filter(|own| asked(&own.line)).filter_map(left_out).collect(),
        dyads,
        monads,
    }
}

/// The greater first: by what is sure, then by what may be.
pub fn descending(one: Range, two: Range) -> Ordering {
    two.lowest.total_cmp(&one.lowest).then(two.highest.total_cmp(&one.highest))
}

fn measurable(standing: &Standing) -> bool {
    standing.body.is_some() && !standing.states.is_empty() && !standing.functions.is_empty()
}

fn left_out(standing: &Standing) -> Option<LeftOut> {
    standing.body.as_ref()?;
    let because = match (standing.states.is_empty(), standing.functions.is_empty()) {
        (true, true) => "nobody that counts and no function on record",
        (true, false) => "nobody that counts on record",
        _ => "no function on record",
    };
    Some(LeftOut { id: standing.line.clone(), because })
}

fn line(standing: &Standing) -> Line {
    let unsure = standing.states.iter().chain(&standing.functions).filter(|(_, (sure, _))| *sure == Sure::Unsure);
    Line {
        id: standing.line.clone(),
        body: standing.body.clone().unwrap_or_default(),
        members: surely(&standing.states),
        functions: surely(&standing.functions),
        unsure: unsure.map(|(id, (_, because))| Unsure { id: id.clone(), because: because.clone() }).collect(),
    }
}

fn surely(counts: &Counts) -> Vec<Id> {
    counts.iter().filter(|(_, (sure, _))| *sure == Sure::Yes).map(|(id, _)| id.clone()).collect()
}

/// Every pair, the lower id first.
fn dyads(standings: &[Standing]) -> Vec<Dyad> {
    let pairs =
        standings.iter().enumerate().flat_map(|(index, a)| standings.iter().skip(index + 1).map(move |b| (a, b)));
    pairs.map(|(a, b)| dyad(a, b)).collect()
}

fn dyad(a: &Standing, b: &Standing) -> Dyad {
    let (states, functions) = (Both::of(&a.states, &b.states), Both::of(&a.functions, &b.functions));
    let (member_share, function_share) = (states.of_union(), functions.of_union());
    let weighted = member_share.times(function_share);
    let overlaps = match weighted {
        Range { lowest, .. } if lowest > 0.0 => Overlaps::Yes,
        Range { highest, .. } if highest > 0.0 => Overlaps::Unsure,
        _ => Overlaps::No,
    };
    let (shared_members, shared_functions) = (states.shared(), functions.shared());
    let (unsure_members, unsure_functions) = (states.unsure(), functions.unsure());
    Dyad {
        a: a.line.clone(),
        b: b.line.clone(),
        figures: Figures {
            overlaps,
            shared_members: shared_members.len(),
            members_a: surely(&a.states).len(),
            members_b: surely(&b.states).len(),
            shared_functions: shared_functions.len(),
            functions_a: surely(&a.functions).len(),
            functions_b: surely(&b.functions).len(),
            unsure: unsure_members.len() + unsure_functions.len(),
            member_share,
            function_share,
            weighted,
            a_to_b: states.of_first().times(functions.of_first()),
            b_to_a: states.of_second().times(functions.of_second()),
        },
        shared_members,
        shared_functions,
        unsure_members,
        unsure_functions,
    }
}

/// Two sets side by side: how each element of either stands in the first and in the second.
struct Both<'c>(BTreeMap<&'c str, (Sure, Sure)>);

impl<'c> Both<'c> {
    fn of(a: &'c Counts, b: &'c Counts) -> Self {
        let sure = |counts: &Counts, id: &str| counts.get(id).map_or(Sure::No, |(sure, _)| *sure);
        Both(a.keys().chain(b.keys()).map(|id| (id.as_str(), (sure(a, id), sure(b, id)))).collect())
    }

    fn of_union(&self) -> Range {
        share::of_union(self.0.values().copied())
    }

    fn of_first(&self) -> Range {
        share::of_first(self.0.values().copied())
    }

    fn of_second(&self) -> Range {
        share::of_first(self.0.values().map(|(a, b)| (*b, *a)))
    }

    fn shared(&self) -> Vec<Id> {
        self.those(|a, b| a == Sure::Yes && b == Sure::Yes)
    }

    fn unsure(&self) -> Vec<Id> {
        self.those(|a, b| a == Sure::Unsure || b == Sure::Unsure)
    }

    fn those(&self, wanted: impl Fn(Sure, Sure) -> bool) -> Vec<Id> {
        self.0.iter().filter(|(_, (a, b))| wanted(*a, *b)).map(|(id, _)| (*id).to_owned()).collect()
    }
}

fn monad(line: &str, dyads: &[Dyad]) -> Monad {
    let own: Vec<(&Dyad, Range)> = dyads
        .iter()
        .filter_map(|dyad| match line {
            _ if dyad.a == line => Some((dyad, dyad.figures.a_to_b)),
            _ if dyad.b == line => Some((dyad, dyad.figures.b_to_a)),
            _ => None,
        })
        .collect();
    let sum = own.iter().fold(Range::default(), |sum, (_, directed)| sum.plus(*directed));
    let count = |wanted: Overlaps| own.iter().filter(|(dyad, _)| dyad.figures.overlaps == wanted).count();
    Monad {
        line: line.to_owned(),
        sum,
        mean: sum.over(own.len()),
        overlapping: count(Overlaps::Yes),
        perhaps: count(Overlaps::Unsure),
        others: own.len(),
    }
}
