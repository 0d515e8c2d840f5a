//! From results to text: one semantic document, one renderer per format.
//!
//! Nothing here evaluates, reads files or prints; what goes out is a `String`.

mod accounts;
pub mod ascribed;
pub mod atlas;
pub mod brief;
mod card;
mod cells;
pub mod chart;
mod clause;
mod clauses;
pub mod comparison;
pub mod diagnostics;
pub mod document;
pub mod explanation;
pub mod graph;
pub mod handbook;
pub mod html;
pub mod junit;
pub mod markdown;
mod matrix;
pub mod overlap;
pub mod page;
mod papers;
pub mod pivots;
pub mod problem_page;
pub mod problems;
pub mod reference;
pub mod repair;
pub mod review;
pub mod revision;
#[cfg(test)]
mod sample;
mod sections;
mod states;
pub mod tap;
pub mod terminal;
pub mod testing;
pub mod timeline;
mod wrap;
