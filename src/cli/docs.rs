//! `mandatum docs`: the handbook of a pack and its codebook, written from its data.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use mandatum::render::handbook::{CONTENTS, FILES, handbook, written_from};
use mandatum::render::markdown::markdown;

use super::Exit;
use super::files::open_pack;
use super::output;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The pack: a folder, or a shipped one.
    #[arg(default_value = "central-asia")]
    pack: String,
    /// The folder to write to: `handbook/` and `codebook.md` in it are written anew.
    #[arg(long, short, value_name = "FOLDER", default_value = "docs")]
    output: PathBuf,
    /// Write nothing: say which pages are not as they would be written.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Some(opened) = open_pack(&arguments.pack) else {
        return Exit::BadInput;
    };
    let pack = &opened.session.pack.world.pack.id;
    let contents = std::fs::read_to_string(arguments.output.join(CONTENTS)).unwrap_or_default();
    if !contents.is_empty() && !contents.contains(&written_from(pack)) {
        output::complain(&format!(
            "error: `{}` holds the handbook of another pack; name another folder with --output\n",
            arguments.output.display()
        ));
        return Exit::BadInput;
    }
    let mut stale = Vec::new();
    let pages = handbook(&opened.session);
    // A page that the pack no longer fills is stale as well.
    for left in FILES.iter().filter(|file| pages.iter().all(|page| page.file != **file)) {
        let path = arguments.output.join(left);
        if path.is_file() && !contents.is_empty() {
            stale.push(path.display().to_string());
            if !arguments.check {
                let _ = std::fs::remove_file(&path);
            }
        }
    }
    for page in &pages {
        let path = arguments.output.join(page.file);
        let text = markdown(&page.document);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        stale.push(path.display().to_string());
        if !arguments.check
            && let Err(error) = write(&path, &text)
        {
            output::complain(&format!("error: `{}` cannot be written: {error}\n", path.display()));
            return Exit::BadInput;
        }
    }
    let said = |what: &str| stale.iter().map(|path| format!("{what} {path}\n")).collect::<String>();
    match (arguments.check, stale.is_empty()) {
        (true, false) => {
            output::out(&said("stale"));
            Exit::Findings
        }
        _ => {
            output::out(&said("wrote"));
            output::out(&format!("{} pages, {} changed\n", pages.len(), stale.len()));
            Exit::Clean
        }
    }
}

/// To a temporary file in the same folder, then renamed: an interruption loses nothing.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut draft = tempfile::Builder::new();
    // What is published is for everybody to read; a temporary file is not, unless it is told so.
    #[cfg(unix)]
    draft.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = draft.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}
