//! `mandatum completions`: what a shell needs to complete commands and options.

use clap_complete::Shell;

use super::{Exit, command, output};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// For which shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command(), "mandatum", &mut script);
    output::out(&String::from_utf8_lossy(&script));
    Exit::Clean
}
