//! Whose mandate is it?
pub mod answer;
pub mod argument;
pub mod ask;
pub mod date;
pub mod diagnostic;
pub mod ladder;
pub mod load;
pub mod rules;
pub mod world;
