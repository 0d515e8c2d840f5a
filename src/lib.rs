//! Whose mandate is it?
pub mod argument;
pub mod date;
pub mod diagnostic;
pub mod load;
pub mod world;
