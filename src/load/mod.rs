//! From files to a world: every problem of every file at once, with its place and what to do.
//!
//! Takes bytes by path and opens nothing. This folder alone names `toml`.

mod allows;
mod check;
mod fact;
mod hints;
mod mandates;
mod predictions;
mod register;
mod rows;
mod scenario;
mod syntax;
mod table;
mod trials;

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::DeTable;

use check::Named;
pub(crate) use check::facts;
use fact::Pending;
pub use predictions::{Prediction, predictions};
pub(crate) use scenario::{LABELS, USED};
pub use table::Kind;
use table::{Reading, Reference, Table};

use crate::diagnostic::{Allow, Diagnostic, Place, Problems};
use crate::world::trial::WrittenTest;
use crate::world::{Id, Pack, Register, Scenario, Source, SourceKind, World};

/// Bytes by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The files of one pack, sorted by what they are.
#[derive(Clone, Debug, Default)]
pub struct PackFiles {
    /// `pack.toml` and the shared facts.
    pub world: Files,
    /// One scenario each.
    pub scenarios: Files,
    /// Paths of scenarios that belong to the pack and are not opened.
    pub unopened: Vec<String>,
    /// Rules.
    pub rules: Files,
    /// Tests of rules, beside them: `NAME.test.toml`.
    pub tests: Files,
}

/// One scenario with the world it is asked in.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// The pack's world and the scenario's own facts.
    pub world: Arc<World>,
}

/// A pack, as far as it could be read.
#[derive(Debug, Default)]
pub struct LoadedPack {
    /// The shared world.
    pub world: Arc<World>,
    /// The scenarios that could be read, in order of their names.
    pub scenarios: Vec<Loaded>,
    /// What it keeps about its papers beside the facts.
    pub register: Register,
    /// The tests of rules, as they are written.
    pub tests: Vec<WrittenTest>,
    /// What its authors let be.
    pub allows: Vec<Allow>,
    /// The text of every file that is UTF-8, for underlining.
    pub texts: BTreeMap<String, String>,
    /// Everything wrong with them.
    pub problems: Problems,
}

/// The largest file that is read, in bytes.
pub const MAX_FILE: usize = 4 << 20;

/// The source of the engine's own generic verdicts.
pub const CORE: &str = "core";

/// Reads a pack. Files that cannot be used are reported and left out.
pub fn load(files: &PackFiles) -> LoadedPack {
    let mut loaded = LoadedPack::default();
    let mut world = World::default();
    let core = Source {
        key: CORE.to_owned(),
        title: "generic verdicts of the engine".to_owned(),
        authors: None,
        year: None,
        kind: SourceKind::Core,
        rank: 0,
        lens: false,
        supersedes: Vec::new(),
        account: None,
        note: None,
    };
    world.sources.insert(CORE.to_owned(), core);
    let mut pending = Pending::default();
    let mut references = Vec::new();
    for (path, bytes) in &files.world {
        let Some(text) = text_of(path, bytes, &mut loaded) else {
            continue;
        };
        read_file(path, &text, &mut loaded.problems, &mut references, &mut pending, |root, pending| {
            if path.rsplit(['/', '\\']).next() == Some("pack.toml") {
                world.pack = pack(root);
                loaded.allows.extend(allows::rows(root));
            }
            world_tables(root, &mut world, pending);
            what_ifs(root, &mut world, pending);
            register::read(root, &mut loaded.register, pending);
        });
    }
    rows::settle(&mut world, &pending);
    let scenarios: Vec<&str> = files.scenarios.keys().chain(&files.unopened).map(|path| scenario_id(path)).collect();
    let named = Named {
        cases: Vec::new(),
        scenarios: scenarios.clone(),
        claims: loaded.register.claims.keys().map(String::as_str).collect(),
        discrepancies: loaded.register.discrepancies.keys().map(String::as_str).collect(),
        what_ifs: Vec::new(),
    };
    let found = check::check(&world, &named, &references, &pending);
    loaded.problems.append(found);
    for (path, bytes) in &files.scenarios {
        let Some(text) = text_of(path, bytes, &mut loaded) else {
            continue;
        };
        let id = scenario_id(path);
        let mut own = world.clone();
        let mut own_pending = pending.clone();
        let mut own_references = Vec::new();
        let mut scenario = None;
        read_file(path, &text, &mut loaded.problems, &mut own_references, &mut own_pending, |root, pending| {
            world_tables(root, &mut own, pending);
            scenario = scenario::read(id, root);
        });
        rows::settle(&mut own, &own_pending);
        let cases = scenario.iter().flat_map(|(scenario, _)| &scenario.cases).map(|case| case.id.as_str()).collect();
        let own_what_ifs = scenario.iter().flat_map(|(scenario, _)| &scenario.what_ifs).map(|own| own.id.as_str());
        let what_ifs = own_what_ifs.collect();
        let named = Named { cases, scenarios: scenarios.clone(), what_ifs, ..Named::default() };
        let found = check::check(&own, &named, &own_references, &own_pending);
        // Problems of the shared files are found again here; sorting drops repetitions.
        loaded.problems.append(found);
        if let Some((mut scenario, _)) = scenario {
            // What-ifs of the pack that are tried on this scenario stand beside its own.
            let tried = world.what_ifs.values().filter(|what_if| what_if.scenario.as_deref() == Some(id));
            scenario.what_ifs.extend(tried.cloned());
            loaded.problems.append(check::judged(&own, &scenario));
            own.what_ifs.extend(scenario.what_ifs.iter().map(|what_if| (what_if.id.clone(), what_if.clone())));
            loaded.scenarios.push(Loaded { scenario, world: Arc::new(own) });
        }
    }
    for (path, bytes) in &files.tests {
        let Some(text) = text_of(path, bytes, &mut loaded) else {
            continue;
        };
        let mut own = Vec::new();
        read_file(path, &text, &mut loaded.problems, &mut Vec::new(), &mut Pending::default(), |root, _| {
            trials::read(root, &mut own);
        });
        loaded.tests.append(&mut own);
    }
    loaded.world = Arc::new(world);
    loaded
}

/// The id of a scenario: the name of its file.
fn scenario_id(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// The pack that a scenario file names, read without anything else.
pub fn named_pack(text: &str) -> Option<Id> {
    let (root, _) = DeTable::parse_recoverable(text);
    root.get_ref().get("pack").and_then(|value| value.get_ref().as_str()).map(str::to_owned)
}

fn text_of(path: &str, bytes: &[u8], loaded: &mut LoadedPack) -> Option<String> {
    match checked_text(path, bytes) {
        Ok(text) => {
            loaded.texts.insert(path.to_owned(), text.clone());
            loaded.allows.extend(allows::comments(path, &text));
            Some(text)
        }
        Err(problem) => {
            loaded.problems.push(problem);
            None
        }
    }
}

/// UTF-8 text of a bearable size, or what is wrong with it.
pub(crate) fn checked_text(path: &str, bytes: &[u8]) -> Result<String, Diagnostic> {
    if bytes.len() > MAX_FILE {
        let message = format!("the file has {} bytes; at most {MAX_FILE} are read", bytes.len());
        return Err(Diagnostic::error("too-large", message, Place::whole(path), "too large").help("split it"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()),
        Err(error) => {
            let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
            let (what, help) = encoding(bytes);
            let message = format!("the file is {what}: byte {} on line {line} is no text", error.valid_up_to() + 1);
            let mut place = Place::whole(path);
            place.line = line;
            Err(Diagnostic::error("not-utf-8", message, place, "not UTF-8").help(help))
        }
    }
}

/// What a file is that is no UTF-8, by how it begins, and what to do about it.
fn encoding(bytes: &[u8]) -> (&'static str, &'static str) {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            ("UTF-16, not UTF-8", "save it again as UTF-8: editors ask for the encoding when saving")
        }
        [b'P', b'K', 3, 4, ..] => (
            "a document or an archive, not UTF-8",
            "save it as plain text, UTF-8: not as a document of a word processor",
        ),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => {
            ("an old document, not UTF-8", "save it as plain text, UTF-8: not as a document of a word processor")
        }
        [b'%', b'P', b'D', b'F', ..] => ("a PDF, not UTF-8", "copy its text into a plain text file, saved as UTF-8"),
        _ => ("not UTF-8", "save it as UTF-8: editors ask for the encoding when saving"),
    }
}

fn read_file(
    path: &str,
    text: &str,
    problems: &mut Problems,
    references: &mut Vec<Reference>,
    pending: &mut Pending,
    read: impl FnOnce(&mut Table<'_, '_>, &mut Pending),
) {
    let mut reading = Reading {
        file: path.into(),
        text: text.into(),
        lines: crate::diagnostic::line_starts(text),
        problems: Problems::default(),
        references: Vec::new(),
        row_ids: Vec::new(),
    };
    if let Some(at) = too_deep(text) {
        let message = format!("brackets are nested more than {MAX_NESTING} deep");
        let problem = Diagnostic::error("too-deep", message, reading.place(at..at + 1), "one too deep");
        reading.problems.push(problem.help("no table needs that: look for a [ or { that is never closed"));
    } else if let Some(problem) = syntax::other_file(&reading) {
        reading.problems.push(problem);
    } else {
        let (root, errors) = DeTable::parse_recoverable(text);
        let errors: Vec<(String, std::ops::Range<usize>)> = errors
            .iter()
            .take(MAX_ERRORS)
            .map(|error| (error.message().to_owned(), error.span().unwrap_or(0..0)))
            .collect();
        let broken = syntax::report(&errors, &mut reading);
        let told = std::mem::take(&mut reading.problems);
        let what = if path.rsplit(['/', '\\']).next() == Some("pack.toml") { "pack.toml" } else { "the file" };
        let mut table = Table::new(what, &root, &mut reading);
        table.place =
            Place { line: 1, column: 1, start: 0, end: text.lines().next().map_or(0, str::len), ..table.place };
        read(&mut table, pending);
        table.finish();
        syntax::without_consequences(&mut reading.problems, &broken, text);
        reading.references.retain(|reference| !broken.contains(&reference.place.line));
        reading.problems.append(told);
    }
    problems.append(std::mem::take(&mut reading.problems));
    references.append(&mut reading.references);
    pending.declared.extend(reading.row_ids.drain(..).map(|(id, place)| ("row", id, place)));
}

/// Errors of the parser that are looked at in one file.
const MAX_ERRORS: usize = 40;

/// Deeper brackets than this are refused before parsing.
const MAX_NESTING: usize = 64;

/// Where brackets are first nested too deep, if anywhere.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_NESTING {
            return Some(at);
        }
    }
    None
}

fn pack(root: &mut Table<'_, '_>) -> Pack {
    let id = root.declared("id");
    let title = root.required_text("title");
    Pack {
        id: id.unwrap_or_default(),
        title: title.unwrap_or_default(),
        version: root.text("version"),
        known_until: root.date("known_until"),
        featured: root.id("featured", Kind::Scenario),
        levers: root.sentences("levers"),
    }
}

fn world_tables(root: &mut Table<'_, '_>, world: &mut World, pending: &mut Pending) {
    for name in rows::TABLES {
        // A scenario's `question` is the one put to the class; in a world file it is a table of derived facts.
        if root.is_text(name) && *name == "question" {
            continue;
        }
        for (table, span) in root.tables(name) {
            let row = Table::of(heading(name), table, span, root.reading);
            rows::read(name, row, world, pending);
        }
    }
}

/// What-ifs of the pack stand in its world; those of a scenario are known to the rules while it is evaluated.
fn what_ifs(root: &mut Table<'_, '_>, world: &mut World, pending: &mut Pending) {
    for (table, span) in root.tables("what-if") {
        if let Some(read) = scenario::what_if(Table::of("[[what-if]]", table, span, root.reading)) {
            pending.declared.push(("what-if", read.id.clone(), read.place.clone()));
            world.what_ifs.insert(read.id.clone(), read);
        }
    }
}

fn heading(name: &str) -> &'static str {
    match name {
        "source" => "[[source]]",
        "state" => "[[state]]",
        "attribute" => "[[attribute]]",
        "organisation" => "[[organisation]]",
        "organ" => "[[organ]]",
        "actor" => "[[actor]]",
        "decision-rule" => "[[decision-rule]]",
        "instrument" => "[[instrument]]",
        "party" => "[[party]]",
        "membership" => "[[membership]]",
        "mandate" => "[[mandate]]",
        "capability" => "[[capability]]",
        "practice" => "[[practice]]",
        "link" => "[[link]]",
        "threat" => "[[threat]]",
        "function" => "[[function]]",
        "judgement" => "[[judgement]]",
        "proposition" => "[[proposition]]",
        _ => "[[question]]",
    }
}
