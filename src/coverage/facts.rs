//! Which dated rows stood behind an answer in the evaluations looked at, and which did not.
//!
//! A row stands behind an answer if a question of a rule, or a step of the ladder, names it as the fact that it rests on; a
//! mandate also if it was climbed in a cell. What only people read (precedents), and what only a change reads (how organs
//! decide), is not looked at.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::Evaluated;
use crate::ask::FactRef;
use crate::diagnostic::Place;
use crate::load::facts;
use crate::world::{Id, World};

/// Rows that stood behind an answer.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    places: BTreeSet<Place>,
    mandates: BTreeSet<Id>,
}

/// A row as it stands in the files: one for several states is one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The name of its table.
    pub table: &'static str,
    /// Its id; of several that stand in one row, the first.
    pub id: Id,
    /// Where it stands.
    pub place: Place,
}

/// Tables that no rule and no step of the ladder looks into.
const NOT_ASKED: &[&str] = &["practice", "decision-rule"];

/// Every row that an answer could stand on, by its place.
pub fn rows(world: &World) -> BTreeMap<Place, Row> {
    let mut rows: BTreeMap<Place, Row> = BTreeMap::new();
    for (table, fact) in facts(world).filter(|(table, _)| !NOT_ASKED.contains(table)) {
        let row = || Row { table, id: fact.id.clone(), place: fact.place.clone() };
        rows.entry(fact.place.clone()).or_insert_with(row);
    }
    rows
}

impl Facts {
    /// Adds one evaluation.
    pub fn add(&mut self, evaluated: &Evaluated) {
        for trace in &evaluated.traces {
            for read in trace.runs.iter().flat_map(|run| run.tree.leaves()).flat_map(|leaf| leaf.reads.iter()) {
                self.behind(&read.answer.stands_on);
            }
            for row in trace.cells.values().flat_map(|cell| &cell.rows) {
                row.mandate.iter().for_each(|mandate| self.climbed(mandate));
                let worlds = row.steps.iter().flat_map(|step| &step.worlds);
                for claim in worlds.flat_map(|(_, _, claims)| claims.iter()) {
                    self.behind(&claim.facts);
                }
            }
        }
    }

    fn behind(&mut self, facts: &[FactRef]) {
        for place in facts.iter().filter_map(|fact| fact.place.as_ref()) {
            if !self.places.contains(place) {
                self.places.insert(place.clone());
            }
        }
    }

    fn climbed(&mut self, mandate: &Id) {
        if !self.mandates.contains(mandate) {
            self.mandates.insert(mandate.clone());
        }
    }

    /// The rows of a world behind no answer so far, in order of their places.
    pub fn unread(&self, world: &World) -> Vec<Row> {
        let climbed: BTreeSet<&Place> = facts(world)
            .filter(|(table, fact)| *table == "mandate" && self.mandates.contains(&fact.id))
            .map(|(_, fact)| &fact.place)
            .collect();
        let rows = rows(world).into_iter();
        rows.filter(|(place, _)| !self.places.contains(place) && !climbed.contains(place)).map(|(_, row)| row).collect()
    }
}
