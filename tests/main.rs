//! Every test that looks at the whole: one binary, one harness, a file per subject.

#![expect(clippy::panic, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![expect(unreachable_pub, reason = "the harness is public to the other files of this one binary")]

#[path = "suite/atlas.rs"]
mod atlas;
#[path = "suite/cli.rs"]
mod cli;
#[path = "suite/conclusions.rs"]
mod conclusions;
#[path = "suite/documents.rs"]
mod documents;
#[path = "suite/engine.rs"]
mod engine;
#[path = "suite/harness.rs"]
mod harness;
#[path = "suite/hostile.rs"]
mod hostile;
#[path = "suite/house.rs"]
mod house;
#[path = "suite/lint.rs"]
mod lint;
#[path = "suite/live.rs"]
mod live;
#[path = "suite/loading.rs"]
mod loading;
#[path = "suite/many.rs"]
mod many;
#[path = "suite/mistakes.rs"]
mod mistakes;
#[path = "suite/overlap.rs"]
mod overlap;
#[path = "suite/pages.rs"]
mod pages;
#[path = "suite/problems.rs"]
mod problems;
#[path = "suite/properties.rs"]
mod properties;
#[path = "suite/reference.rs"]
mod reference;
#[path = "suite/register.rs"]
mod register;
#[path = "suite/repair.rs"]
mod repair;
#[path = "suite/revision.rs"]
mod revision;
#[path = "suite/scaffolds.rs"]
mod scaffolds;
#[path = "suite/shipped.rs"]
mod shipped;
#[path = "suite/timeline.rs"]
mod timeline;
#[path = "suite/trial.rs"]
mod trial;
#[path = "suite/what_if.rs"]
mod what_if;
