//! What every row of a world table shares: its dates, its source, its id.

use super::table::{Kind, Table};
use crate::diagnostic::Place;
use crate::world::{Fact, Id, Mandate};

/// Rows that wait for the whole pack: a mandate of every state needs to know the states.
#[derive(Clone, Default)]
pub(super) struct Pending {
    /// Declared ids with their places, by table, for the check of repetitions.
    pub(super) declared: Vec<(&'static str, Id, Place)>,
    /// Mandates of every state: each state gets its own once all are known.
    pub(super) every_state: Vec<Mandate>,
}

pub(super) type Row<'t, 'r> = Table<'t, 'r>;

/// The keys that every dated row carries. A missing source is a problem; the row is kept so that others still resolve.
pub(super) fn fact(row: &mut Row<'_, '_>, default_id: impl FnOnce() -> String) -> Fact {
    let source = row.required_id("source", Kind::Source).unwrap_or_default();
    fact_with(row, default_id, source)
}

pub(super) fn fact_with(row: &mut Row<'_, '_>, default_id: impl FnOnce() -> String, source: Id) -> Fact {
    let id = if row.has("id") { row.declared("id") } else { None };
    if let Some(id) = &id {
        let place = row.place_of("id");
        row.reading.row_ids.push((id.clone(), place));
    }
    Fact {
        id: id.unwrap_or_else(default_id),
        source,
        locator: row.text("locator"),
        held: row.interval(),
        version_of: row.id("version_of", Kind::Row),
        note: row.text("note"),
        place: row.place.clone(),
    }
}

pub(super) fn declare(
    table: &'static str,
    id: Option<Id>,
    row: &mut Row<'_, '_>,
    key: &'static str,
    pending: &mut Pending,
) -> Option<Id> {
    let place = row.place_of(key);
    if let Some(id) = &id {
        pending.declared.push((table, id.clone(), place));
    }
    id
}
