//! Pictures as SVG text: no fonts, scripts or files from outside, and nothing that only a colour says.

mod ink;
pub mod timeline;
