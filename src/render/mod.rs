//! From results to text: one semantic document, one renderer per format.
//!
//! Nothing here evaluates, reads files or prints; what goes out is a `String`.

pub mod brief;
mod clause;
pub mod diagnostics;
pub mod document;
pub mod explanation;
pub mod markdown;
mod matrix;
pub mod page;
mod papers;
#[cfg(test)]
mod sample;
mod sections;
pub mod terminal;
