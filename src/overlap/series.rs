//! Overlap over time: measured anew on every day on which a dated fact may change, and put together where nothing did.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::roster::Roster;
use super::{Figures, Options, Range, dyad, dyads, measurable};
use crate::date::{Bound, Day, PartialDate};
use crate::load::facts;
use crate::world::World;

/// Pairs of lines over time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Series {
    /// The first day.
    #[schemars(with = "String")]
    pub from: Day,
    /// The first day after the last one.
    #[schemars(with = "String")]
    pub until: Day,
    /// The pair that was asked for; `None`: all of them.
    pub between: Option<[String; 2]>,
    /// One course for each pair that could be measured on some day, by ids.
    pub dyads: Vec<Course>,
}

/// One pair over time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Course {
    /// The first line.
    pub a: String,
    /// The second line.
    pub b: String,
    /// Stretches during which nothing that is measured changed; none while one of the two cannot be measured.
    pub spans: Vec<Span>,
}

/// A stretch of days with the same figures.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Span {
    /// Its first day.
    #[schemars(with = "String")]
    pub from: Day,
    /// The first day after it.
    #[schemars(with = "String")]
    pub until: Day,
    /// What is measured.
    pub figures: Figures,
}

impl Course {
    /// The highest weighted overlap that the pair surely reached, and the highest that it may have reached.
    pub fn peak(&self) -> Range {
        self.spans.iter().map(|span| span.figures.weighted).fold(Range::default(), |peak, own| Range {
            lowest: peak.lowest.max(own.lowest),
            highest: peak.highest.max(own.highest),
        })
    }
}

/// The overlap of every pair of lines, or of one pair, from the first day that `from` may mean to the last of `until`.
pub fn over(
    world: &Arc<World>,
    from: PartialDate,
    until: PartialDate,
    options: &Options,
    between: Option<[&str; 2]>,
) -> Series {
    let roster = Roster::new(world, options);
    let (first, end) = (from.first(), until.last().next());
    let mut days: Vec<Day> = vec![first];
    days.extend(changes(world).into_iter().filter(|day| *day > first && *day < end));
    let mut courses: BTreeMap<(String, String), Vec<Span>> = BTreeMap::new();
    for (index, day) in days.iter().enumerate() {
        let until = days.get(index + 1).copied().unwrap_or(end);
        let standings: Vec<_> = roster.on(*day).into_iter().filter(measurable).collect();
        let measured = match between {
            None => dyads(&standings),
            Some([a, b]) => {
                let of = |id: &str| standings.iter().find(|own| own.line == id);
                of(a).zip(of(b)).map(|(a, b)| dyad(a, b)).into_iter().collect()
            }
        };
        for own in measured {
            let spans = courses.entry((own.a, own.b)).or_default();
            match spans.last_mut() {
                Some(last) if last.until == *day && last.figures == own.figures => last.until = until,
                _ => spans.push(Span { from: *day, until, figures: own.figures }),
            }
        }
    }
    Series {
        from: first,
        until: end,
        between: between.map(|pair| pair.map(str::to_owned)),
        dyads: courses.into_iter().map(|((a, b), spans)| Course { a, b, spans }).collect(),
    }
}

/// Every day on which what the record says may change: for a month or a year its first and its last day.
pub fn changes(world: &World) -> BTreeSet<Day> {
    let on = |bound: Bound| match bound {
        Bound::On(date) => Some(date),
        _ => None,
    };
    let rows = facts(world).flat_map(|(_, fact)| fact.held.dates());
    let bodies = world.bodies.values().flat_map(|body| body.held.dates());
    let texts = world
        .instruments
        .values()
        .flat_map(move |text| text.held.dates().chain([text.signed, text.provisional].into_iter().filter_map(on)));
    rows.chain(bodies).chain(texts).flat_map(|date| [date.first(), date.last()]).collect()
}
