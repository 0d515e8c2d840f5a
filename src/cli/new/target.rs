//! The pack that something is added to: where its files stand, and what it holds.

use std::io;
use std::path::{Path, PathBuf};

use mandatum::diagnostic::{Diagnostic, suggestion};
use mandatum::load::PackFiles;
use mandatum::reference;
use mandatum::session::Session;
use mandatum::shipped;

use super::super::backstop::backstop;
use super::super::files::pack_files;
use super::super::{output, schema};
use super::Refusal;

/// A pack in a folder.
pub(super) struct Target {
    /// Its folder.
    pub(super) folder: PathBuf,
    /// Its files.
    pub(super) files: PackFiles,
    /// The same, loaded.
    pub(super) session: Session,
}

impl Target {
    /// The pack in a folder; the one that the command was started in if none is named.
    pub(super) fn open(folder: Option<&Path>) -> Result<Self, Refusal> {
        let folder = folder.unwrap_or_else(|| Path::new(".")).to_path_buf();
        let name = folder.display().to_string();
        if !folder.join("pack.toml").is_file() {
            let refusal = Refusal::new(format!("`{name}` holds no pack.toml"));
            return Err(match shipped::packs().contains(name.as_str()) {
                true => refusal.help(format!("copy the shipped pack first: mandatum new mine --from {name}")),
                false => refusal.help("name the folder of a pack with --in, or make one: mandatum new mine"),
            });
        }
        let files = pack_files(&name).ok_or_else(|| Refusal::new(format!("`{name}` cannot be read")))?;
        let session = Session::new(&files, Some(backstop()));
        if !session.usable() {
            output::problems(&session.problems, &session.texts);
            return Err(
                Refusal::new(format!("`{name}` cannot be used as it stands")).help("mend what is listed above first")
            );
        }
        Ok(Target { folder, files, session })
    }

    /// The folder of its rules: inside it, or beside `scenarios/`.
    pub(super) fn rules(&self) -> PathBuf {
        let own = self.folder.join("rules");
        let full = self.folder.canonicalize().unwrap_or_else(|_| self.folder.clone());
        // As it was named, where the name reaches that far up.
        let named = if self.folder.components().count() > 2 { &self.folder } else { &full };
        let root = named.parent().and_then(Path::parent);
        let beside = root.zip(full.file_name()).map(|(root, name)| root.join("rules").join(name));
        match beside.filter(|beside| !own.is_dir() && beside.is_dir()) {
            Some(beside) => beside,
            None => own,
        }
    }

    /// Where a file of its rules' folder finds its schemas.
    pub(super) fn schemas_from_rules(&self) -> String {
        if self.rules() == self.folder.join("rules") {
            return format!("../{}", schema::FOLDER);
        }
        let full = self.folder.canonicalize().unwrap_or_else(|_| self.folder.clone());
        let part = |path: Option<&Path>| {
            path.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        };
        format!("../../{}/{}/{}", part(full.parent()), part(Some(&full)), schema::FOLDER)
    }

    /// What is wrong with these files and was not wrong before.
    pub(super) fn new_problems(&self, session: &Session) -> Vec<Diagnostic> {
        let known = |problem: &Diagnostic| {
            self.session.problems.iter().any(|own| (own.code, &own.message) == (problem.code, &problem.message))
        };
        session.problems.iter().filter(|problem| !known(problem)).cloned().collect()
    }
}

/// Writes the schemas of a pack's files anew, with the ids that it has now.
pub(super) fn refresh(folder: &Path) -> io::Result<()> {
    let ids = pack_files(&folder.display().to_string()).map(|files| {
        let session = Session::new(&files, None);
        reference::ids(&session.pack, &session.rules)
    });
    schema::write_all(&folder.join(schema::FOLDER), ids.as_ref()).map(|_| ())
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    let plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}

/// That what is to be written does not exist yet.
pub(super) fn free(path: &Path, instead: &str) -> Result<(), Refusal> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    Err(Refusal::new(format!("`{}` exists; nothing was written", path.display())).help(instead.to_owned()))
}

/// That an id is one of those known.
pub(super) fn known<'a>(what: &str, id: &str, legal: impl IntoIterator<Item = &'a str> + Clone) -> Result<(), Refusal> {
    if legal.clone().into_iter().any(|own| own == id) {
        return Ok(());
    }
    let refusal = Refusal::new(format!("there is no {what} `{id}` in the pack"));
    let first = match what {
        "rule" => format!("write it first: mandatum new rule {id}"),
        _ => format!("declare it first, with a [[{what}]] row"),
    };
    let help = suggestion(id, legal).or(Some(first));
    Err(Refusal { help, ..refusal })
}
