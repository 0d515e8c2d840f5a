//! `mandatum docs`: the handbook of a pack and its codebook, written from its data; and the reference of tables and words.

use std::path::PathBuf;

use mandatum::render::handbook::{CONTENTS, FILES, handbook, written_from};
use mandatum::render::markdown::markdown;
use mandatum::render::reference::reference;

use super::Exit;
use super::files::{open_pack, write};
use super::output;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The pack: a folder, or a shipped one.
    #[arg(default_value = "central-asia")]
    pack: String,
    /// The folder to write to: `handbook/` and `codebook.md` in it are written anew (with --reference, `tables.md` and
    /// `words.md`). `docs` and `docs/reference` if not given.
    #[arg(long, short, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Write the reference of every table, key and word instead; it belongs to no pack.
    #[arg(long, conflicts_with = "pack")]
    reference: bool,
    /// Write nothing: say which pages are not as they would be written.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let named = if arguments.reference { "docs/reference" } else { "docs" };
    let output = arguments.output.clone().unwrap_or_else(|| PathBuf::from(named));
    if arguments.reference {
        let pages = reference().into_iter().map(|(file, text)| (output.join(file), text)).collect();
        return bring_up_to_date(pages, Vec::new(), arguments.check);
    }
    let Some(opened) = open_pack(&arguments.pack) else {
        return Exit::BadInput;
    };
    let pack = &opened.session.pack.world.pack.id;
    let contents = std::fs::read_to_string(output.join(CONTENTS)).unwrap_or_default();
    if !contents.is_empty() && !contents.contains(&written_from(pack)) {
        output::complain(&format!(
            "error: `{}` holds the handbook of another pack; name another folder with --output\n",
            output.display()
        ));
        return Exit::BadInput;
    }
    let pages = handbook(&opened.session);
    // A page that the pack no longer fills is stale as well.
    let unfilled = FILES.iter().filter(|file| !contents.is_empty() && pages.iter().all(|page| page.file != **file));
    let gone = unfilled.map(|file| output.join(file)).filter(|path| path.is_file()).collect();
    let pages = pages.iter().map(|page| (output.join(page.file), markdown(&page.document))).collect();
    bring_up_to_date(pages, gone, arguments.check)
}

/// Writes the pages that are not as they should be and removes those that should not be; or only says which.
fn bring_up_to_date(pages: Vec<(PathBuf, String)>, gone: Vec<PathBuf>, check: bool) -> Exit {
    let mut stale = Vec::new();
    for path in gone {
        stale.push(path.display().to_string());
        if !check {
            let _ = std::fs::remove_file(&path);
        }
    }
    for (path, text) in &pages {
        if std::fs::read_to_string(path).is_ok_and(|old| old == *text) {
            continue;
        }
        stale.push(path.display().to_string());
        if !check && let Err(error) = write(path, text) {
            output::complain(&format!("error: `{}` cannot be written: {error}\n", path.display()));
            return Exit::BadInput;
        }
    }
    let said = |what: &str| stale.iter().map(|path| format!("{what} {path}\n")).collect::<String>();
    match (check, stale.is_empty()) {
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
