//! Whose mandate is it? When this threat hits these people on this date, who is competent to do what about it?
//!
//! The data flow, and so the order of the modules; a module imports only from those before it:
//!
//! ```text
//!  scenarios/*.toml ─ load ─▶ world ──┬─ ladder (defaults) ──┐
//!                                     │                      ├─▶ answer (positions, cells) ─▶ explain ─▶ render ─▶ text
//!  rules/*.rhai ──── rules ───────────┴─ ask (read log) ─────┘
//!  changes ─ change ─▶ what_if ─▶ world' ─▶ the same road ─▶ compare ─▶ render
//!  changes ─ levers ─ what_if::many ─▶ all worlds at once ─▶ the same road ─▶ diagram ─▶ repair, pivots, research ─▶ render
//!  world ─ overlap (who shares members and functions) ─▶ render
//!  horizons of the reads ─ timeline ─▶ the same road on each day on which a read changes ─▶ compare ─▶ render
//!  threats × states × functions × days ─ atlas ─▶ the same road once for each distinct reading ─▶ boxes ─▶ render
//!  two versions of a pack ─ revision ─▶ the atlas of both, cell by cell, and their rules on every path ─▶ render
//!  a line or a rule being written ─ draft ─▶ asked of one situation, its reads shown as explanations show them
//!  claims, disagreements ─ register, matrix: held against what rules do ─▶ render (handbook)
//!  rules under given answers (trial), expectations (expect) ─ suite: listed, run, counted by coverage ─▶ render
//!  everything concluded, with its reads ─ conclusions: stored, read back, what moved and its cause ─▶ render (review)
//!  every table, key and word ─ reference ─▶ schemas for editors, pages
//!  rules on every path, facts, what evaluations showed ─ lint ─▶ render (diagnostics)
//! ```
//!
//! Nothing here opens a file, reads a clock or the environment, or starts a thread: that is the command line's.
//! The whole of it stands behind [`interface::run`], one function from JSON to JSON.

#![cfg_attr(test, expect(clippy::panic, clippy::expect_used, reason = "a test that cannot go on has failed"))]

pub mod answer;
pub mod argument;
pub mod ask;
pub mod atlas;
pub mod change;
pub mod compare;
pub mod conclusions;
pub mod coverage;
pub mod date;
pub mod diagnostic;
pub mod diagram;
pub mod draft;
pub mod expect;
pub mod explain;
pub mod graph;
pub mod interface;
pub mod ladder;
pub mod levers;
pub mod lint;
pub mod load;
pub mod matrix;
pub mod overlap;
pub mod pivots;
pub mod premises;
pub mod reference;
pub mod register;
pub mod render;
pub mod repair;
pub mod research;
pub mod revision;
pub mod rules;
pub mod session;
pub mod shipped;
pub mod suite;
pub mod timeline;
pub mod trial;
pub mod what_if;
pub mod world;
