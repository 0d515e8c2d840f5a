//! `mandatum man`: the manual page, or one page for each command in a folder.

use std::path::{Path, PathBuf};

use super::files::write;
use super::{Exit, command, output};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Write a page for each command to this folder.
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let written = match &arguments.output {
        None => page(command()).map(|text| output::out(&text)),
        Some(folder) => {
            pages(folder).map(|count| output::out(&format!("wrote {count} pages to {}\n", folder.display())))
        }
    };
    match written {
        Ok(()) => Exit::Clean,
        Err(error) => {
            output::complain(&format!("error: the manual cannot be written: {error}\n"));
            Exit::BadInput
        }
    }
}

fn page(command: clap::Command) -> std::io::Result<String> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// A page for the whole and for each command below it, named as `man` looks for them: `mandatum-what-if.1`.
fn pages(folder: &Path) -> std::io::Result<usize> {
    let mut whole = command().disable_help_subcommand(true);
    whole.build();
    let mut open = vec![("mandatum".to_owned(), whole)];
    let mut count = 0;
    while let Some((name, command)) = open.pop() {
        open.extend(command.get_subcommands().map(|own| {
            let name = format!("{name}-{}", own.get_name());
            (name.clone(), own.clone().display_name(name))
        }));
        write(&folder.join(format!("{name}.1")), &page(command)?)?;
        count += 1;
    }
    Ok(count)
}
