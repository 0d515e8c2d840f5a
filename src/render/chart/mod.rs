//! Pictures as SVG text: no fonts, scripts or files from outside, and nothing that only a colour says.

pub mod atlas;
mod ink;

pub(super) use ink::escaped;
pub mod timeline;
