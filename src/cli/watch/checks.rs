//! What a round calls to check and to test: the one place that names the commands' own functions.

use mandatum::coverage::Coverage;
use mandatum::diagnostic::Diagnostic;
use mandatum::{expect, register};

use super::super::files::Opened;

/// What tests came to.
pub(super) struct Tested {
    /// How many were tried.
    pub(super) tried: usize,
    /// Those that failed, each as a problem.
    pub(super) failed: Vec<Diagnostic>,
}

/// What loads and is still wrong.
pub(super) fn check(opened: &Opened) -> Vec<Diagnostic> {
    let mut found = register::unaccounted(&opened.session);
    found.extend(register::uncoded(&opened.session));
    found
}

/// What is expected, and does not hold.
pub(super) fn test(opened: &Opened) -> Tested {
    let mut tested = Tested { tried: 0, failed: Vec::new() };
    let mut coverage = Coverage::default();
    for loaded in opened.chosen.iter().filter_map(|id| opened.session.scenario(id)) {
        tested.tried += loaded.scenario.expectations.len();
        tested.tried += loaded.scenario.what_ifs.iter().map(|own| own.expectations.len()).sum::<usize>();
        tested.failed.extend(expect::failures(&opened.session, loaded, &mut coverage));
    }
    tested
}
