//! What the library carries, so that it works with no checkout: packs, and a page about each kind of problem.

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
            ["rules", own, name] if *own == id && name.ends_with(".rhai") => &mut files.rules,
            ["rules", own, _] if *own == id => &mut files.tests,
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
        .filter(|(path, _)| path.starts_with("rules/core/") && path.ends_with(".rhai"))
        .map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()))
}

/// The page that lists the others.
const INDEX: &str = "README";

/// The codes of problems that have a page, in order.
pub fn problem_codes() -> impl Iterator<Item = &'static str> {
    let names = FILES.iter().filter_map(|(path, _)| path.strip_prefix("docs/problems/")?.strip_suffix(".md"));
    names.filter(|name| *name != INDEX)
}

/// The page about a kind of problem, as Markdown: what it is, why it matters, an example, what to do.
pub fn problem_page(code: &str) -> Option<&'static str> {
    if code == INDEX {
        return None;
    }
    let wanted = format!("docs/problems/{code}.md");
    let (_, bytes) = FILES.iter().find(|(path, _)| *path == wanted)?;
    std::str::from_utf8(bytes).ok()
}
