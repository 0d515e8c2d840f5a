//! A pack to edit, from nothing or from a shipped one.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use mandatum::diagnostic::suggestion;
use mandatum::shipped;

use super::Refusal;
use super::target::refresh;

#[derive(Debug, clap::Args)]
#[group(id = "new-pack")]
pub(crate) struct Arguments {
    /// The folder to make; its name becomes the pack's id.
    name: PathBuf,
    /// Copy this shipped pack, with its rules.
    #[arg(long, value_name = "PACK")]
    from: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<String, Refusal> {
    let Some(id) = arguments.name.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        return Err(Refusal::new("name a folder to make"));
    };
    let legal = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
    if !id.chars().all(legal) {
        return Err(Refusal::new(format!("`{id}` cannot be a pack's id: letters, digits and hyphens only")));
    }
    let name = arguments.name.display();
    if arguments.name.exists() {
        return Err(Refusal::new(format!("`{name}` exists; nothing was written"))
            .help("name another folder; to add to a pack: mandatum new scenario, new rule, new test"));
    }
    let files = match &arguments.from {
        None => blank(&id),
        Some(pack) => copied(pack, &id),
    };
    if let (Some(pack), true) = (&arguments.from, files.is_empty()) {
        let refusal = Refusal::new(format!("there is no shipped pack `{pack}`"));
        return Err(Refusal { help: suggestion(pack, shipped::packs()), ..refusal });
    }
    write(&arguments.name, &files)?;
    Ok(format!("wrote {} files to {name}\nnext: mandatum evaluate {name}\n", files.len()))
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
        let mut file = fs::File::create(&path)?;
        file.write_all(schema_line(name).as_bytes())?;
        file.write_all(bytes)?;
    }
    refresh(&pack)?;
    fs::rename(&pack, folder)
}

/// The line that tells editors the schema of a file.
fn schema_line(name: &str) -> &'static str {
    match name.split('/').collect::<Vec<_>>().as_slice() {
        ["pack.toml"] => "#:schema ./.schema/pack.json\n",
        ["world", ..] => "#:schema ../.schema/world.json\n",
        ["rules", name] if name.ends_with(".test.toml") => "#:schema ../.schema/tests.json\n",
        [name] if name.ends_with(".toml") => "#:schema ./.schema/scenario.json\n",
        _ => "",
    }
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
    let world = include_str!("../blank_world.toml");
    let scenario = include_str!("../blank_scenario.toml");
    let rule = include_str!("../blank_rule.rhai");
    let test = include_str!("../blank_test.toml");
    vec![
        ("pack.toml".to_owned(), pack.into_bytes()),
        ("world/world.toml".to_owned(), world.as_bytes().to_vec()),
        ("first.toml".to_owned(), scenario.as_bytes().to_vec()),
        ("rules/charter.rhai".to_owned(), rule.as_bytes().to_vec()),
        ("rules/charter.test.toml".to_owned(), test.as_bytes().to_vec()),
    ]
}
