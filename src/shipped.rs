//! The packs that the library carries, so that it works with no checkout.

use std::collections::BTreeSet;

use crate::load::PackFiles;

include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The pack that stands in where a scenario names none.
pub const DEFAULT_PACK: &str = "central-asia";

/// The ids of the shipped packs.
pub fn packs() -> BTreeSet<&'static str> {
    FILES.iter().filter_map(|(path, _)| path.strip_prefix("scenarios/")?.split('/').next()).collect()
}

/// The files of a shipped pack, with the generic rules; empty if there is no such pack.
pub fn pack(id: &str) -> PackFiles {
    let mut files = PackFiles::default();
    for (path, bytes) in FILES {
        let parts: Vec<&str> = path.split('/').collect();
        let into = match parts.as_slice() {
            ["scenarios", own, "pack.toml"] if *own == id => &mut files.world,
            ["scenarios", own, "world", ..] if *own == id => &mut files.world,
            ["scenarios", own, _] if *own == id => &mut files.scenarios,
            ["rules", own, _] if *own == id => &mut files.rules,
            _ => continue,
        };
        into.insert((*path).to_owned(), bytes.to_vec());
    }
    files.rules.extend(core_rules());
    files
}

/// The generic verdicts, always on.
pub fn core_rules() -> impl Iterator<Item = (String, Vec<u8>)> {
    FILES
        .iter()
        .filter(|(path, _)| path.starts_with("rules/core/"))
        .map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()))
}
