//! What a round calls to check and to test: the one place that names the commands' own functions.

use mandatum::diagnostic::Diagnostic;
use mandatum::lint::{self, Seen, lint_pack};
use mandatum::register;
use mandatum::suite::{self, Verdict};

use super::super::files::Opened;

/// What tests came to.
pub(super) struct Tested {
    /// How many were tried.
    pub(super) tried: usize,
    /// How many did not pass.
    pub(super) failed: usize,
    /// Why.
    pub(super) problems: Vec<Diagnostic>,
}

/// What loads and is still wrong.
pub(super) fn check(opened: &Opened) -> Vec<Diagnostic> {
    let session = &opened.session;
    let (mut found, mut seen) = (Vec::new(), Seen::default());
    for loaded in opened.chosen.iter().filter_map(|id| session.scenario(id)) {
        found.extend(lint::look(session, loaded, &mut seen).1);
    }
    let whole = opened.whole && opened.chosen.len() == session.pack.scenarios.len();
    found.extend(lint_pack(session, &seen, whole).found);
    found.extend(register::unaccounted(session));
    found.extend(register::uncoded(session));
    found
}

/// What is expected, and does not hold.
pub(super) fn test(opened: &Opened) -> Tested {
    let session = &opened.session;
    let tests = suite::list(session, &opened.chosen, &|_| opened.whole);
    let ran = suite::run(session, &tests, None, &mut |_, _| {});
    let failed = ran.outcomes.iter().filter(|own| own.verdict != Verdict::Passed).count();
    let problems = ran.outcomes.into_iter().flat_map(|own| own.problems).collect();
    Tested { tried: tests.len(), failed, problems }
}
