//! Stored conclusions on disk: where they stand, how they are compared, and how one file takes the place of another.
//! What a change means is not known here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use mandatum::answer::Options;
use mandatum::conclusions::extract::{Extract, extract};
use mandatum::conclusions::file::{self, Snapshot};
use mandatum::diagnostic::{Diagnostic, Place};
use mandatum::shipped;
use schemars::JsonSchema;
use serde::Serialize;

use super::Exit;
use super::files::{Input, Opened, open};
use super::output::{self, Format};

/// How the conclusions of a scenario stand to the stored ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// They are the same.
    Equal,
    /// They differ: what is concluded now waits for a decision.
    Differs,
    /// Nothing was stored: what is concluded waits for a decision.
    New,
    /// Something is stored, and the scenario is gone.
    Gone,
}

impl State {
    /// In a few words.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            State::Equal => "equal",
            State::Differs => "differs",
            State::New => "new",
            State::Gone => "gone",
        }
    }
}

/// One scenario beside its stored conclusions.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Compared {
    /// The scenario.
    pub(crate) scenario: String,
    /// How it stands.
    pub(crate) state: State,
    /// The file of its stored conclusions.
    pub(crate) file: String,
}

/// What is printed as JSON.
#[derive(Serialize, JsonSchema)]
pub(super) struct Printed {
    /// The version of this shape.
    schema: &'static str,
    /// Every scenario beside its stored conclusions.
    snapshots: Vec<Compared>,
}

/// `mandatum test --snapshots`.
pub(super) fn run(input: &Input, format: Format) -> Exit {
    if !matches!(format, Format::Terminal | Format::Json) {
        output::complain("error: `--snapshots` prints for the terminal or as JSON\n");
        return Exit::BadInput;
    }
    let Some(opened) = open(input) else { return Exit::BadInput };
    let Some(found) = compare(&opened) else { return Exit::BadInput };
    let moved = found.iter().any(|one| one.state != State::Equal);
    if format == Format::Json {
        output::json(&Printed { schema: "mandatum/snapshots/1", snapshots: found });
    } else {
        output::out(&told(&found, &opened.named));
    }
    if moved { Exit::Findings } else { Exit::Clean }
}

/// The folder of the snapshots of what was opened.
///
/// Errors: a shipped pack, which has no folder.
pub(crate) fn folder(opened: &Opened) -> Result<PathBuf, Diagnostic> {
    let named = opened.named.split(" --rules ").next().unwrap_or_default();
    let path = Path::new(named);
    let home = if path.is_dir() {
        Some(path)
    } else if path.is_file() {
        path.parent().map(|parent| if parent.as_os_str().is_empty() { Path::new(".") } else { parent })
    } else {
        None
    };
    if let Some(home) = home {
        return Ok(home.join("snapshots"));
    }
    let pack = &opened.session.pack.world.pack.id;
    let near = format!("scenarios/{pack}");
    let help = if Path::new(&near).join("pack.toml").is_file() {
        format!("name its folder: {near}")
    } else {
        format!("copy it into a folder of your own: mandatum new mine --from {}", shipped::DEFAULT_PACK)
    };
    let message = "snapshots stand in the folder of a pack, and a shipped pack has none";
    Err(Diagnostic::error("no-pack-folder", message, Place::whole(named), "carried in the program").help(help))
}

/// The file of a scenario's stored conclusions.
pub(crate) fn stored(folder: &Path, scenario: &str) -> PathBuf {
    folder.join(format!("{scenario}.snap"))
}

/// The file of those that wait for a decision.
pub(crate) fn pending(folder: &Path, scenario: &str) -> PathBuf {
    folder.join(format!("{scenario}.snap.new"))
}

/// What a scenario concludes today, with printed names by id.
pub(crate) type Concluded = (Extract, BTreeMap<String, String>);

/// A snapshot with the text of its file.
pub(crate) type Stored = (Snapshot, String);

/// What every chosen scenario concludes; what is wrong has been printed.
pub(crate) fn conclude(opened: &Opened) -> Option<BTreeMap<String, Concluded>> {
    let mut found = BTreeMap::new();
    let mut progress = output::progress("scenarios");
    for (done, id) in opened.chosen.iter().enumerate() {
        progress(done, opened.chosen.len());
        let Some(loaded) = opened.session.scenario(id) else { continue };
        match opened.session.evaluate(loaded, &Options::default()) {
            Ok(evaluated) => {
                let names = evaluated.evaluation.names.clone();
                found.insert(id.clone(), (extract(&opened.session, &evaluated), names));
            }
            Err(problems) => {
                output::problems(&problems, &opened.session.texts);
                return None;
            }
        }
    }
    progress(opened.chosen.len(), opened.chosen.len());
    let late = opened.session.late_problems();
    output::problems(&late, &opened.session.texts);
    // A rule that failed half way concludes nothing that should be stored.
    late.is_empty().then_some(found)
}

/// A snapshot read from its file. `Ok(None)`: there is none.
///
/// Errors: it cannot be read, with the place; and its text, to show it.
pub(crate) fn read(path: &Path) -> Result<Option<Stored>, (Box<Diagnostic>, String)> {
    let name = path.to_string_lossy().replace('\\', "/");
    let wrong = |place: Place, text: String, why: String| {
        let problem = Diagnostic::error("bad-snapshot", format!("`{name}` is no snapshot of conclusions"), place, why)
            .help("restore it from version control; or remove it, and it is made anew for review");
        (Box::new(problem), text)
    };
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(Place::whole(&name), String::new(), error.to_string().to_lowercase())),
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            return Err(wrong(Place::whole(&name), String::new(), format!("byte {} is no UTF-8", at + 1)));
        }
    };
    match file::read(&text) {
        Ok(snapshot) => Ok(Some((snapshot, text))),
        Err(problem) => {
            let line = text.lines().nth(problem.line.saturating_sub(1)).unwrap_or_default();
            let start = line.as_ptr() as usize - text.as_ptr() as usize;
            let range = if line.is_empty() { 0..0 } else { start..start + line.len() };
            let place = Place { line: problem.line, ..Place::new(&name.as_str().into(), &text, range) };
            Err(wrong(place, text, problem.message))
        }
    }
}

/// Writes a file whole or not at all: beside it first, then in its place.
pub(crate) fn put(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = folder.join(format!(".{name}.{}.part", std::process::id()));
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&beside, path));
    if moved.is_err() {
        // What could not be moved is of no use; that it cannot be removed either is told by the first error.
        let _ = fs::remove_file(&beside);
    }
    moved
}

/// Says what could not be written or removed.
pub(crate) fn complain(path: &Path, error: &io::Error) {
    let name = path.to_string_lossy();
    let reason = error.to_string().to_lowercase();
    let problem = Diagnostic::error("unwritable", format!("`{name}` cannot be written"), Place::whole(&name), reason);
    output::problems(&[problem], &BTreeMap::new());
}

/// Scenarios that something is stored of, or waits for; sorted.
pub(crate) fn known(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let own = names.filter(|name| !name.starts_with('.'));
    own.filter_map(|name| name.strip_suffix(".snap").or_else(|| name.strip_suffix(".snap.new")).map(str::to_owned))
        .collect()
}

/// Whether everything that the folder may hold was opened: only then a stored scenario can be gone.
pub(crate) fn whole(opened: &Opened) -> bool {
    opened.session.pack.scenarios.len() == opened.chosen.len()
        && folder(opened).is_ok_and(|folder| folder.with_file_name("pack.toml").is_file())
        && !opened
            .named
            .split(" --rules ")
            .next()
            .is_some_and(|named| named.ends_with(".toml") && !named.ends_with("pack.toml"))
}

/// Compares what every chosen scenario concludes with what is stored. What differs or is new is written beside the stored
/// file, which is never touched; where both say the same, a file that still waits is removed. `None`: bad input, printed.
pub(crate) fn compare(opened: &Opened) -> Option<Vec<Compared>> {
    let folder = match folder(opened) {
        Ok(folder) => folder,
        Err(problem) => {
            output::problems(&[problem], &BTreeMap::new());
            return None;
        }
    };
    let concluded = conclude(opened)?;
    let mut found = Vec::new();
    let mut readable = true;
    for (scenario, (own, _)) in &concluded {
        let (path, waiting) = (stored(&folder, scenario), pending(&folder, scenario));
        let state = match read(&path) {
            Ok(Some((old, _))) if old.conclusions == own.conclusions => State::Equal,
            Ok(Some(_)) => State::Differs,
            Ok(None) => State::New,
            Err((problem, text)) => {
                let texts = problem.place().map(|place| (place.file.to_string(), text));
                output::problems(&[*problem], &texts.into_iter().collect());
                readable = false;
                continue;
            }
        };
        let outcome = match state {
            State::Equal => match fs::remove_file(&waiting) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
            _ => put(&waiting, &file::write(&own.conclusions, &own.origin)),
        };
        if let Err(error) = outcome {
            complain(&waiting, &error);
            return None;
        }
        found.push(Compared { scenario: scenario.clone(), state, file: path.to_string_lossy().replace('\\', "/") });
    }
    if whole(opened) {
        for scenario in known(&folder).into_iter().filter(|id| !concluded.contains_key(id)) {
            let path = stored(&folder, &scenario);
            if path.is_file() {
                let file = path.to_string_lossy().replace('\\', "/");
                found.push(Compared { scenario, state: State::Gone, file });
            }
        }
    }
    readable.then_some(found)
}

/// How the scenarios stand, a line for each that is not as stored, and what to do.
pub(crate) fn told(found: &[Compared], named: &str) -> String {
    let mut text = String::new();
    for one in found.iter().filter(|one| one.state != State::Equal) {
        let what = match one.state {
            State::Differs => "concludes something else than what is stored, or the same on other grounds",
            State::New => "has no stored conclusions yet",
            State::Gone => "is gone, and its conclusions are still stored",
            State::Equal => continue,
        };
        text.push_str(&format!("{:7} {} {what}\n", one.state.as_str(), one.scenario));
    }
    let count = |state: State| found.iter().filter(|one| one.state == state).count();
    text.push_str(&format!(
        "{} compared: {} equal, {} differ, {} new, {} gone\n",
        mandatum::render::document::count(found.len(), "scenario"),
        count(State::Equal),
        count(State::Differs),
        count(State::New),
        count(State::Gone)
    ));
    if found.iter().any(|one| one.state != State::Equal) {
        text.push_str(&format!("look at what moved, and decide: mandatum review {named}\n"));
    }
    text
}
