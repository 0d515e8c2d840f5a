//! Lints of a rule base: what loads and still cannot be meant. One table of them, and one driver.
//!
//! A lint looks at rules in the abstract (every question answered both ways), at the facts of the pack, and at what the
//! evaluations of its scenarios showed. It changes no conclusion. Whoever means what a lint finds says so beside it, with a
//! reason. How findings are printed is not known here.

mod allow;
mod expectations;
mod facts;
mod guard;
mod paths;
mod selves;
mod speaks;
mod terms;
mod texts;
mod twins;
mod unfinished;
mod unset;

use std::sync::Arc;

pub use allow::Allowed;

use crate::answer::{Evaluated, Options};
use crate::coverage::{Coverage, Facts};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::expect;
use crate::load::Loaded;
use crate::session::{Readings, Session};
use crate::world::World;
use paths::Abstract;

/// A kind of finding.
pub struct Lint {
    /// Its code, which is also the name of its page.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it finds, in a few words.
    pub says: &'static str,
    /// Whether it can only be told from all scenarios of a pack.
    pub whole: bool,
    find: fn(&Matter<'_>) -> Vec<Found>,
}

const fn lint(code: &'static str, says: &'static str, find: fn(&Matter<'_>) -> Vec<Found>) -> Lint {
    Lint { code, severity: Severity::Warning, says, whole: false, find }
}

const fn surely_wrong(lint: Lint) -> Lint {
    Lint { severity: Severity::Error, ..lint }
}

const fn of_a_whole_pack(lint: Lint) -> Lint {
    Lint { whole: true, ..lint }
}

/// Every kind of finding, in the order of the documentation.
pub const LINTS: &[Lint] = &[
    surely_wrong(lint(CANNOT_SPEAK, "a rule that says nothing in any world", speaks::cannot)),
    surely_wrong(lint(
        CONTRADICTS_ITSELF,
        "a rule that says one thing and its contrary at once",
        selves::contradicting,
    )),
    lint(DEAD_BRANCH, "a branch of a rule that its own guard shuts out", guard::dead),
    lint(IDENTICAL_RULE, "a rule that asks and says what another one does", twins::identical),
    lint(IDLE_EXPECTATION, "an expectation that cannot fail", expectations::idle),
    of_a_whole_pack(lint(NEVER_SPEAKS, "a rule that speaks in no scenario of the pack", speaks::never)),
    of_a_whole_pack(lint(NEVER_SET, "a rule that waits for a fact that nothing sets", unset::waiting)),
    lint(SHADOWED_RULE, "a rule that concludes nothing that another one does not conclude already", twins::shadowed),
    lint(UNASKED_TEXT, "a text that states a date, a number or a name that the rule did not ask for", texts::unasked),
    lint(UNFINISHED, "a file that still says TODO", unfinished::files),
    lint(UNMENTIONED_TERM, "a threat or a function that no mandate speaks to", terms::unmentioned),
    of_a_whole_pack(lint(UNREAD_FACT, "a dated row that no rule and no step of the ladder asks for", facts::unread)),
    lint(UNSOURCED_FACT, "a dated row that names no source", facts::unsourced),
    lint(WIDE_GUARD, "a guard that names more than the rule speaks to", guard::wide),
];

const CANNOT_SPEAK: &str = "cannot-speak";
const CONTRADICTS_ITSELF: &str = "contradicts-itself";
const DEAD_BRANCH: &str = "dead-branch";
const IDENTICAL_RULE: &str = "identical-rule";
const IDLE_EXPECTATION: &str = "idle-expectation";
const NEVER_SET: &str = "never-set";
const NEVER_SPEAKS: &str = "never-speaks";
const SHADOWED_RULE: &str = "shadowed-rule";
const UNASKED_TEXT: &str = "unasked-text";
const UNFINISHED: &str = "unfinished";
const UNMENTIONED_TERM: &str = "unmentioned-term";
const UNREAD_FACT: &str = "unread-fact";
const UNSOURCED_FACT: &str = "unsourced-fact";
const WIDE_GUARD: &str = "wide-guard";

/// What the evaluations of a pack's scenarios showed.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Which rules spoke.
    pub coverage: Coverage,
    /// Which facts stood behind an answer.
    pub facts: Facts,
}

impl Seen {
    /// Adds one evaluation.
    pub fn add(&mut self, evaluated: &Evaluated) {
        self.coverage.add(evaluated);
        self.facts.add(evaluated);
    }
}

/// Asks a scenario in every way in which its expectations ask, the plain one first, and notes what that shows.
///
/// Returns what came out, to be asked further, and what could not be asked.
pub fn look<'s>(session: &'s Session, loaded: &Loaded, seen: &mut Seen) -> (Readings<'s>, Vec<Diagnostic>) {
    let (mut asked, mut problems) = (Readings::new(session), Vec::new());
    let ways = loaded.scenario.expectations.iter().map(expect::asked);
    for options in std::iter::once(Options::default()).chain(ways) {
        problems.extend(asked.evaluated(loaded, &options).err().into_iter().flatten());
    }
    asked.all().for_each(|evaluated| seen.add(evaluated));
    (asked, problems)
}

/// What lints look at.
struct Matter<'s> {
    session: &'s Session,
    /// The shared world with what every scenario adds.
    world: Arc<World>,
    /// Every rule that can be run, on every path that some world may take.
    rules: Vec<Abstract<'s>>,
    seen: &'s Seen,
}

/// A problem, and the rule that it is about, if it is about one.
struct Found {
    problem: Diagnostic,
    /// Where the rule stands: what is let be there lets it be too.
    rule: Option<Place>,
}

impl From<Diagnostic> for Found {
    fn from(problem: Diagnostic) -> Self {
        Found { problem, rule: None }
    }
}

/// Codes of what is wrong with allowing something.
pub const ALLOW_CODES: &[&str] = &[allow::UNKNOWN, allow::UNREASONED, allow::UNUSED];

/// What was found, and what would have been.
#[derive(Clone, Debug, Default)]
pub struct Linted {
    /// What was found, by place.
    pub found: Vec<Diagnostic>,
    /// What its authors let be, with their reason, by place.
    pub allowed: Vec<Allowed>,
}

/// Lints a pack that loaded. `whole`: every scenario of it was evaluated into `seen`; else what only they can show is left out.
pub fn lint_pack(session: &Session, seen: &Seen, whole: bool) -> Linted {
    let world = Arc::new(session.widest());
    let rules = paths::all(session, &world);
    let matter = Matter { session, world, rules, seen };
    let looked_at = || LINTS.iter().filter(|lint| whole || !lint.whole);
    let mut found = Vec::new();
    for lint in looked_at() {
        found.extend((lint.find)(&matter).into_iter().map(|own| {
            let problem = own.problem.severity(lint.severity);
            Found { problem, ..own }
        }));
    }
    let codes: Vec<&str> = looked_at().map(|lint| lint.code).collect();
    allow::sift(session, found, &codes)
}
