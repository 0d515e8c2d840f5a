//! `mandatum new`: a pack to edit. Nothing that exists is ever overwritten.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use mandatum::diagnostic::suggestion;
use mandatum::shipped;

use super::{Exit, output};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The folder to make; its name becomes the pack's id.
    name: PathBuf,
    /// Copy this shipped pack, with its rules.
    #[arg(long, value_name = "PACK")]
    from: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Some(id) = arguments.name.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        output::complain("error: name a folder to make\n");
        return Exit::BadInput;
    };
    let legal = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
    if !id.chars().all(legal) {
        output::complain(&format!("error: `{id}` cannot be a pack's id: letters, digits and hyphens only\n"));
        return Exit::BadInput;
    }
    if arguments.name.exists() {
        output::complain(&format!("error: `{}` exists; nothing was written\n", arguments.name.display()));
        return Exit::BadInput;
    }
    let files = match &arguments.from {
        None => blank(&id),
        Some(pack) => {
            let files = copied(pack, &id);
            if files.is_empty() {
                let help =
                    suggestion(pack, shipped::packs()).map(|help| format!("  help: {help}\n")).unwrap_or_default();
                output::complain(&format!("error: there is no shipped pack `{pack}`\n{help}"));
                return Exit::BadInput;
            }
            files
        }
    };
    match write(&arguments.name, &files) {
        Ok(()) => {
            let name = arguments.name.display();
            output::out(&format!("wrote {} files to {name}\nnext: mandatum evaluate {name}\n", files.len()));
            Exit::Clean
        }
        Err(error) => {
            output::complain(&format!("error: {error}\n"));
            Exit::BadInput
        }
    }
}

/// Written beside its final place and moved there when complete: an interrupted run leaves no half pack.
fn write(folder: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(parent)?;
    let draft = tempfile::Builder::new().prefix(".new-").tempdir_in(parent)?;
    let pack = draft.path().join("pack");
    for (name, bytes) in files {
        let path = pack.join(name);
        if let Some(above) = path.parent() {
            fs::create_dir_all(above)?;
        }
        fs::File::create(&path)?.write_all(bytes)?;
    }
    fs::rename(&pack, folder)
}

/// A shipped pack under a new id, its rules in `rules/`.
fn copied(pack: &str, id: &str) -> Vec<(String, Vec<u8>)> {
    let files = shipped::pack(pack);
    let mut copied = Vec::new();
    for (path, bytes) in files.world.iter().chain(&files.scenarios) {
        let name = path.strip_prefix(&format!("scenarios/{pack}/")).unwrap_or(path).to_owned();
        let bytes = if name == "pack.toml" {
            let text =
                String::from_utf8_lossy(bytes).replacen(&format!("id = \"{pack}\""), &format!("id = \"{id}\""), 1);
            text.into_bytes()
        } else {
            bytes.clone()
        };
        copied.push((name, bytes));
    }
    for (path, bytes) in files.rules.iter().chain(&files.tests) {
        if let Some(name) = path.strip_prefix(&format!("rules/{pack}/")) {
            copied.push((format!("rules/{name}"), bytes.clone()));
        }
    }
    copied
}

fn blank(id: &str) -> Vec<(String, Vec<u8>)> {
    let pack = format!(
        "id = \"{id}\"\ntitle = \"{id}\"\nversion = \"0.1.0\"\nfeatured = \"first\"\n# known_until = \"2026-11\"   # the day up to which you checked the record\n"
    );
    let world = include_str!("blank_world.toml");
    let scenario = include_str!("blank_scenario.toml");
    let rule = include_str!("blank_rule.rhai");
    vec![
        ("pack.toml".to_owned(), pack.into_bytes()),
        ("world/world.toml".to_owned(), world.as_bytes().to_vec()),
        ("first.toml".to_owned(), scenario.as_bytes().to_vec()),
        ("rules/charter.rhai".to_owned(), rule.as_bytes().to_vec()),
    ]
}
