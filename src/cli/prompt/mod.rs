//! `mandatum try`: a prompt at which an expression or a draft of a rule is tried on a scenario.
//!
//! On a terminal with line editing, history and completion; in a pipe it reads lines and prints plainly.

mod commands;
mod completion;
mod desk;

use std::io::{BufRead as _, IsTerminal as _};

use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{Config, Editor};

use super::Exit;
use super::evaluate::How;
use super::files::{Input, Unopened, gather};
use super::output;
use completion::Words;
use desk::{Desk, Next};

/// Before a line.
const PROMPT: &str = "> ";
/// Before a line that goes on with a draft.
const MORE: &str = ". ";

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    how: How,
    /// Print each line before what comes of it, where lines are read from a pipe.
    #[arg(long)]
    echo: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let loaded = match gather(&arguments.input) {
        Ok(gathered) => gathered.load().map(|opened| (gathered, opened)),
        Err(problems) => Err(Unopened { problems, texts: Default::default() }),
    };
    let (gathered, opened) = match loaded {
        Ok(loaded) => loaded,
        Err(unusable) => {
            output::problems(&unusable.problems, &unusable.texts);
            return Exit::BadInput;
        }
    };
    output::problems(&opened.session.problems, &opened.session.texts);
    let Some(mut desk) = Desk::new(gathered.files, opened, arguments.how.options()) else { return Exit::BadInput };
    if std::io::stdin().is_terminal() { interactive(&mut desk) } else { piped(&mut desk, arguments.echo) }
}

/// Reads lines until the end; ends with two if any of them was bad.
fn piped(desk: &mut Desk, echo: bool) -> Exit {
    let mut exit = Exit::Clean;
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else {
            output::complain("error: what is typed has to be UTF-8\n");
            return Exit::BadInput;
        };
        if echo {
            output::out(&format!("{}{line}\n", if desk.drafting() { MORE } else { PROMPT }));
        }
        match desk.line(&line) {
            Next::Good => {}
            Next::Bad => exit = Exit::BadInput,
            Next::Quit => return exit,
        }
    }
    if desk.drafting() {
        output::out("error: the draft does not end: a brace is open\n");
        exit = Exit::BadInput;
    }
    exit
}

fn interactive(desk: &mut Desk) -> Exit {
    let editor = Editor::<Words, DefaultHistory>::with_config(Config::builder().auto_add_history(true).build());
    let mut editor = match editor {
        Ok(editor) => editor,
        Err(error) => {
            output::complain(&format!("error: the terminal cannot be read: {error}\n"));
            return Exit::BadInput;
        }
    };
    output::out(&desk.welcome());
    editor.set_helper(Some(Words::new(desk)));
    loop {
        match editor.readline(if desk.drafting() { MORE } else { PROMPT }) {
            Ok(line) => {
                if let Next::Quit = desk.line(&line) {
                    return Exit::Clean;
                }
                // A draft brings new ids of rules.
                editor.set_helper(Some(Words::new(desk)));
            }
            Err(ReadlineError::Interrupted) => desk.clear(),
            Err(ReadlineError::Eof) => return Exit::Clean,
            Err(error) => {
                output::complain(&format!("error: the terminal cannot be read: {error}\n"));
                return Exit::BadInput;
            }
        }
    }
}
