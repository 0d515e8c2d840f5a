//! A taxonomy: terms, what each is a kind of, and what else is said of it.

use std::collections::{BTreeMap, BTreeSet};

use super::Id;
use crate::diagnostic::Place;

/// One term of a taxonomy of threats or functions.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Printed name.
    pub name: String,
    /// Wider terms.
    pub is_a: Vec<Id>,
    /// Threats that this threat feeds.
    pub feeds: Vec<Id>,
    /// Functions that this threat calls for, unless a case says otherwise.
    pub calls_for: Vec<Id>,
    /// Definition.
    pub definition: Option<String>,
    /// An example of what falls under it.
    pub example: Option<String>,
    /// What looks like it and is not.
    pub near_miss: Option<String>,
    /// When to use it: the least that has to be there.
    pub inclusion: Option<String>,
    /// A function that needs no request and no decision by default.
    pub standing: bool,
    /// Who speaks of it, and where.
    pub remark: Remark,
    /// Where it stands in the files.
    pub place: Place,
}

/// Who states something that bears no dates, and where; both may be left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Remark {
    /// The source.
    pub source: Option<Id>,
    /// Where in it.
    pub locator: Option<String>,
    /// A remark.
    pub note: Option<String>,
}

/// Terms by id, ordered by what they are kinds of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taxonomy {
    /// The terms.
    pub terms: BTreeMap<Id, Term>,
}

impl Taxonomy {
    /// Whether `narrow` is `wide` or a kind of it.
    pub fn is_a(&self, narrow: &str, wide: &str) -> bool {
        if narrow == wide {
            return true;
        }
        // Asked more often than anything else, so it keeps to a short list; what it is a kind of is seldom many.
        let mut seen: Vec<&str> = vec![narrow];
        let mut at = 0;
        while let Some(term) = seen.get(at).copied() {
            if term == wide {
                return true;
            }
            for wider in self.terms.get(term).into_iter().flat_map(|term| &term.is_a) {
                if !seen.contains(&wider.as_str()) {
                    seen.push(wider);
                }
            }
            at += 1;
        }
        false
    }

    /// The term and everything that it is a kind of.
    pub fn ancestors<'a>(&'a self, term: &'a str) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut open = vec![term];
        while let Some(term) = open.pop() {
            if found.insert(term) {
                open.extend(self.terms.get(term).into_iter().flat_map(|term| term.is_a.iter().map(String::as_str)));
            }
        }
        found
    }

    /// The functions that a threat and what it is a kind of call for.
    pub fn called_for(&self, threat: &str) -> BTreeSet<&str> {
        self.ancestors(threat)
            .into_iter()
            .filter_map(|term| self.terms.get(term))
            .flat_map(|term| term.calls_for.iter().map(String::as_str))
            .collect()
    }

    /// Whether a threat, or what it is a kind of, is said to feed another or what that is a kind of.
    pub fn feeds(&self, threat: &str, fed: &str) -> bool {
        self.ancestors(threat)
            .into_iter()
            .filter_map(|term| self.terms.get(term))
            .any(|term| term.feeds.iter().any(|feeds| self.is_a(feeds, fed)))
    }
}

/// A term with nothing said of it but this.
pub(crate) fn term(
    name: String,
    is_a: Vec<Id>,
    feeds: Vec<Id>,
    calls_for: Vec<Id>,
    definition: Option<String>,
    place: Place,
) -> Term {
    let (example, near_miss, inclusion) = (None, None, None);
    let remark = Remark::default();
    Term { name, is_a, feeds, calls_for, definition, example, near_miss, inclusion, standing: false, remark, place }
}
