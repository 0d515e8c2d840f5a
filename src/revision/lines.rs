//! Lines of organisations across two versions: bodies that either version puts in one line are in one line.
//!
//! A version that adds a successor renames its line; what is compared is still one mandate.

use std::collections::BTreeMap;

use crate::world::{Id, World};

/// The line of every body of either version.
pub(super) struct Lines(BTreeMap<Id, Id>);

impl Lines {
    /// Draws them. A line is called what the second version calls it, else what the first does.
    pub(super) fn of(worlds: [&World; 2]) -> Self {
        Lines::joined(
            worlds.map(|world| world.bodies.keys().map(|body| (body.clone(), world.line(body).to_owned())).collect()),
        )
    }

    /// From the line of every body, version by version.
    fn joined([first, second]: [BTreeMap<Id, Id>; 2]) -> Self {
        let mut group: BTreeMap<Id, Id> = BTreeMap::new();
        for (body, line) in first.iter().chain(&second) {
            let (one, other) = (root(&group, body), root(&group, line));
            // The lesser id leads, so that the order in which bodies are joined makes no difference.
            let (low, high) = if one <= other { (one, other) } else { (other, one) };
            group.insert(high, low.clone());
            group.insert(low.clone(), low);
        }
        let mut called: BTreeMap<Id, &Id> = BTreeMap::new();
        for (body, line) in second.iter().chain(&first) {
            called.entry(root(&group, body)).or_insert(line);
        }
        let line = |body: &Id| called.get(&root(&group, body)).map_or_else(|| body.clone(), |line| (*line).clone());
        Lines(group.keys().map(|body| (body.clone(), line(body))).collect())
    }

    /// The line of a body; itself, if neither version has it.
    pub(super) fn line<'a>(&'a self, body: &'a str) -> &'a str {
        self.0.get(body).map_or(body, String::as_str)
    }
}

fn root(group: &BTreeMap<Id, Id>, body: &str) -> Id {
    let mut at = body;
    while let Some(next) = group.get(at).filter(|next| *next != at) {
        at = next;
    }
    at.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(lines: &[(&str, &str)]) -> BTreeMap<Id, Id> {
        lines.iter().map(|(body, line)| ((*body).to_owned(), (*line).to_owned())).collect()
    }

    #[test]
    fn an_heir_renames_its_line_and_it_stays_one() {
        let before = world(&[("OLD", "OLD"), ("COUNCIL", "OLD"), ("OTHER", "OTHER")]);
        let after = world(&[("OLD", "NEW"), ("NEW", "NEW"), ("COUNCIL", "NEW"), ("OTHER", "OTHER")]);
        let lines = Lines::joined([before.clone(), after.clone()]);
        assert_eq!(
            ["OLD", "COUNCIL", "NEW", "OTHER", "NOBODY"].map(|id| lines.line(id)),
            ["NEW", "NEW", "NEW", "OTHER", "NOBODY"]
        );
        assert_eq!(Lines::joined([after, before]).line("NEW"), "OLD");
    }
}
