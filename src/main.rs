//! The command line of `mandatum`: `main` hands over to [`cli`], whose exit code is a type.

mod cli;

/// Counts live bytes, so that a rule which slips through every limit of the script engine still cannot eat the machine.
#[global_allocator]
static ALLOCATOR: cli::backstop::Counting = cli::backstop::Counting;

fn main() -> std::process::ExitCode {
    cli::run().into()
}
