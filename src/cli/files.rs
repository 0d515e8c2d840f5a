//! Finding files: from what the user names to the bytes of a pack.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use mandatum::diagnostic::{Diagnostic, Place, suggestion};
use mandatum::load::{Files, MAX_FILE, PackFiles, named_pack};
use mandatum::session::Session;
use mandatum::shipped;

use super::backstop::backstop;
use super::output;

/// What the user wants looked at.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Input {
    /// A scenario file, a pack's folder or pack.toml, or a shipped scenario such as batken-1999.
    pub(crate) scenario: Option<String>,
    /// More rules: every .rhai file in this folder. A repeated id is an error.
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Vec<PathBuf>,
}

/// A loaded pack and which of its scenarios to look at.
pub(crate) struct Opened {
    /// The pack.
    pub(crate) session: Session,
    /// Ids of scenarios, in order.
    pub(crate) chosen: Vec<String>,
    /// What to type to get the same again.
    pub(crate) named: String,
    /// Whether every scenario of the pack was loaded.
    pub(crate) whole: bool,
}

/// What cannot be used, and why.
pub(crate) struct Unopened {
    pub(crate) problems: Vec<Diagnostic>,
    /// The texts of the files, for underlining.
    pub(crate) texts: BTreeMap<String, String>,
}

/// The bytes of what the user named, not loaded yet.
pub(crate) struct Gathered {
    /// The files.
    pub(crate) files: PackFiles,
    chosen: Chosen,
    input: Input,
}

/// Reads every file, and nothing in it.
///
/// Errors: files that cannot be read.
pub(crate) fn gather(input: &Input) -> Result<Gathered, Vec<Diagnostic>> {
    let mut trouble = Vec::new();
    let found = find(input.scenario.as_deref(), &mut trouble);
    let (mut files, chosen) = found.unwrap_or_default();
    for folder in &input.rules {
        read_folder(folder, ".rhai", &mut files.rules, &mut trouble);
        read_folder(folder, ".test.toml", &mut files.tests, &mut trouble);
    }
    if trouble.is_empty() { Ok(Gathered { files, chosen, input: input.clone() }) } else { Err(trouble) }
}

impl Gathered {
    /// Loads it. There may be no scenario.
    ///
    /// Errors: everything wrong with what cannot be used.
    pub(crate) fn load(&self) -> Result<Opened, Unopened> {
        let session = Session::new(&self.files, Some(backstop()));
        if !session.usable() {
            return Err(Unopened { problems: session.problems, texts: session.texts });
        }
        let all: Vec<String> = session.pack.scenarios.iter().map(|loaded| loaded.scenario.id.clone()).collect();
        let chosen = match &self.chosen {
            Chosen::One(id) => vec![id.clone()],
            Chosen::Featured => session.pack.world.pack.featured.iter().cloned().collect(),
            Chosen::All => all.clone(),
        };
        let known: Vec<String> = chosen.into_iter().filter(|id| all.contains(id)).collect();
        let mut named = self.input.scenario.clone().unwrap_or_else(|| known.join(" "));
        for folder in &self.input.rules {
            named.push_str(&format!(" --rules {}", folder.display()));
        }
        Ok(Opened { whole: self.files.unopened.is_empty(), session, chosen: known, named })
    }
}

/// Opens and loads, and prints nothing. There may be no scenario.
///
/// Errors: everything wrong with what cannot be used.
pub(crate) fn load(input: &Input) -> Result<Opened, Unopened> {
    gather(input).map_err(|problems| Unopened { problems, texts: BTreeMap::new() })?.load()
}

/// Opens and loads what holds a scenario. `None`: everything wrong has been printed.
pub(crate) fn open(input: &Input) -> Option<Opened> {
    let (problems, texts, opened) = match load(input) {
        Ok(opened) => (opened.session.problems.clone(), opened.session.texts.clone(), Some(opened)),
        Err(Unopened { problems, texts }) => (problems, texts, None),
    };
    output::problems(&problems, &texts);
    let opened = opened?;
    if opened.chosen.is_empty() {
        output::problems(&[no_scenario(input)], &BTreeMap::new());
        return None;
    }
    Some(opened)
}

/// There is nothing to look at.
pub(crate) fn no_scenario(input: &Input) -> Diagnostic {
    let name = input.scenario.as_deref().unwrap_or("the pack");
    Diagnostic::error("no-scenario", format!("`{name}` holds no scenario"), Place::whole(name), "nothing to look at")
        .help("a scenario has a title, a date and a [[case]]; see docs/scenarios.md")
}

/// Opens a whole pack: a folder, or a shipped one.
pub(crate) fn open_pack(pack: &str) -> Option<Opened> {
    open(&Input { scenario: Some(pack.to_owned()), rules: Vec::new() })
}

/// The files of a whole pack, whether or not it can be used. `None`: what cannot be read has been printed.
pub(crate) fn pack_files(pack: &str) -> Option<PackFiles> {
    let mut trouble = Vec::new();
    let found = find(Some(pack), &mut trouble);
    output::problems(&trouble, &Default::default());
    found.filter(|_| trouble.is_empty()).map(|(files, _)| files)
}

/// Writes to a temporary file in the same folder, then renames it: an interruption loses nothing.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    let mut draft = tempfile::Builder::new();
    // What is published is for everybody to read; a temporary file is not, unless it is told so.
    #[cfg(unix)]
    draft.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = draft.tempfile_in(folder)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}

/// A scenario of what was opened, as it is typed: its file where a folder was named, else its name.
pub(crate) fn place(opened: &Opened, scenario: &str) -> String {
    let named = opened.named.split(" --rules ").next().unwrap_or_default();
    let folder = Path::new(named.trim_end_matches("/pack.toml"));
    if folder.join("pack.toml").is_file() {
        folder.join(format!("{scenario}.toml")).display().to_string()
    } else if shipped::packs().contains(named) {
        format!("{named}/{scenario}")
    } else {
        named.to_owned()
    }
}

/// The folders in which everything lies that the user named; none for a shipped pack.
pub(crate) fn folders(input: &Input) -> Vec<PathBuf> {
    let mut folders = input.rules.clone();
    if let Some(path) = input.scenario.as_deref().map(Path::new).filter(|path| path.exists()) {
        let folder = if path.is_dir() { Some(path) } else { path.parent() };
        let folder = folder.filter(|own| !own.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        folders.push(folder.to_path_buf());
        folders.extend(beside(folder).filter(|rules| rules.is_dir()));
    }
    folders
}

#[derive(Default)]
enum Chosen {
    One(String),
    #[default]
    Featured,
    All,
}

fn find(name: Option<&str>, trouble: &mut Vec<Diagnostic>) -> Option<(PackFiles, Chosen)> {
    let Some(name) = name else {
        return Some((shipped::pack(shipped::DEFAULT_PACK), Chosen::Featured));
    };
    let path = Path::new(name);
    if path.is_dir() {
        if path.join("pack.toml").exists() {
            return Some((pack_at(path, trouble), Chosen::All));
        }
        let problem = Diagnostic::error(
            "no-pack",
            format!("the folder `{name}` holds no pack"),
            Place::whole(name),
            "no pack.toml in it",
        );
        trouble.push(problem.help("name a scenario file, or a folder with a pack.toml"));
        return None;
    }
    if path.symlink_metadata().is_ok() {
        return scenario_at(path, name, trouble);
    }
    shipped_scenario(name, trouble)
}

/// A scenario, or a whole pack, of the shipped ones: `batken-1999`, `primer/ladder`, `primer`.
fn shipped_scenario(name: &str, trouble: &mut Vec<Diagnostic>) -> Option<(PackFiles, Chosen)> {
    let mut known = Vec::new();
    for pack in shipped::packs() {
        if name == pack {
            return Some((shipped::pack(pack), Chosen::All));
        }
        let mut files = shipped::pack(pack);
        let ids = files.scenarios.keys().map(|path| path.rsplit('/').next().unwrap_or(path).trim_end_matches(".toml"));
        let ids: Vec<String> = ids.map(str::to_owned).collect();
        if let Some(id) = ids.iter().find(|id| name == **id || name == format!("{pack}/{id}")) {
            // Only this scenario is asked for: the others of the pack need not load.
            let (own, others) =
                files.scenarios.into_iter().partition(|(path, _)| path.ends_with(&format!("/{id}.toml")));
            files.scenarios = own;
            files.unopened = Files::into_keys(others).collect();
            return Some((files, Chosen::One(id.clone())));
        }
        known.extend(ids);
        known.push(pack.to_owned());
    }
    let mut problem = Diagnostic::error(
        "not-found",
        format!("there is no file and no shipped scenario `{name}`"),
        Place::whole(name),
        "not found",
    );
    problem.help =
        suggestion(name, known.iter().map(String::as_str)).or_else(|| Some(format!("shipped: {}", known.join(", "))));
    trouble.push(problem);
    None
}

fn scenario_at(path: &Path, name: &str, trouble: &mut Vec<Diagnostic>) -> Option<(PackFiles, Chosen)> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    if path.file_name().is_some_and(|file| file == "pack.toml") {
        return Some((pack_at(folder, trouble), Chosen::All));
    }
    let bytes = read(path, trouble)?;
    let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut files = if folder.join("pack.toml").exists() {
        pack_at(folder, trouble)
    } else {
        let text = String::from_utf8_lossy(&bytes);
        let pack = named_pack(&text).unwrap_or_else(|| shipped::DEFAULT_PACK.to_owned());
        let files = shipped::pack(&pack);
        if files.world.is_empty() {
            let mut problem = Diagnostic::error(
                "no-pack",
                format!("there is no shipped pack `{pack}`"),
                Place::whole(name),
                "named by `pack`",
            );
            problem.help = suggestion(&pack, shipped::packs());
            trouble.push(problem);
            return None;
        }
        files
    };
    // Only this scenario is asked for: others of the pack need not load.
    files.unopened = files.scenarios.into_keys().collect();
    files.scenarios = Files::from([(name.to_owned(), bytes)]);
    Some((files, Chosen::One(id)))
}

/// A pack in a folder. Its rules stand in `rules/` inside it, or in `rules/PACK` beside `scenarios/`.
fn pack_at(folder: &Path, trouble: &mut Vec<Diagnostic>) -> PackFiles {
    let mut files = PackFiles { rules: shipped::core_rules().collect(), ..PackFiles::default() };
    let manifest = folder.join("pack.toml");
    if let Some(bytes) = read(&manifest, trouble) {
        files.world.insert(shown(&manifest), bytes);
    }
    if folder.join("world").is_dir() {
        read_folder(&folder.join("world"), ".toml", &mut files.world, trouble);
    }
    read_folder(folder, ".toml", &mut files.scenarios, trouble);
    files.scenarios.remove(&shown(&manifest));
    let own = folder.join("rules");
    for rules in [Some(own), beside(folder)].into_iter().flatten().filter(|rules| rules.is_dir()) {
        read_folder(&rules, ".rhai", &mut files.rules, trouble);
        read_folder(&rules, ".test.toml", &mut files.tests, trouble);
    }
    files
}

/// `rules/PACK` beside `scenarios/`, for a pack in `scenarios/PACK`.
fn beside(folder: &Path) -> Option<PathBuf> {
    let full = folder.canonicalize().ok()?;
    let name = full.file_name()?.to_owned();
    let root = if folder.components().count() >= 2 { folder.parent()?.parent().map(Path::to_path_buf) } else { None };
    Some(root.unwrap_or(full.parent()?.parent()?.to_path_buf()).join("rules").join(name))
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn read(path: &Path, trouble: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
    let size = fs::metadata(path);
    let outcome = match size {
        Ok(data) if !data.is_file() && !data.is_dir() => Err(io::Error::other("it is no regular file")),
        // One byte more than is legal is enough to see that it is too large.
        Ok(data) if data.len() > MAX_FILE as u64 => Ok(vec![b' '; MAX_FILE + 1]),
        Ok(_) => fs::read(path),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            let name = shown(path);
            let problem = Diagnostic::error(
                "unreadable",
                format!("`{name}` cannot be read"),
                Place::whole(&name),
                reason(&error),
            );
            trouble.push(problem);
            None
        }
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}

fn read_folder(folder: &Path, ending: &str, files: &mut Files, trouble: &mut Vec<Diagnostic>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let name = shown(folder);
            let problem = Diagnostic::error(
                "unreadable",
                format!("the folder `{name}` cannot be read"),
                Place::whole(&name),
                reason(&error),
            );
            trouble.push(problem);
            return;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if shown(&path).ends_with(ending)
            && let Some(bytes) = read(&path, trouble)
        {
            files.insert(shown(&path), bytes);
        }
    }
}
