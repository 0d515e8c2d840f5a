//! `mandatum check`: everything that is wrong with a pack, everything in it that cannot be meant, and its register.

use mandatum::coverage;
use mandatum::diagnostic::{Diagnostic, Problems, Severity};
use mandatum::lint::{self, Linted, Seen, lint_pack};
use mandatum::register;
use mandatum::render;
use mandatum::render::problems::{Meant, Problem, Texts};
use schemars::JsonSchema;
use serde::Serialize;

use super::Exit;
use super::files::{Input, Opened, Unopened, load, no_scenario};
use super::output::{self, Format};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Also see the claims of the register show in these scenarios where they say, and gone without their premise.
    #[arg(long)]
    claims: bool,
    /// End with exit code 1 on these and on what is worse.
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
    /// How to print what is found.
    #[arg(long, default_value = "terminal", value_parser = output::formats(FORMATS))]
    format: Format,
}

const FORMATS: &[Format] = &[Format::Terminal, Format::Json, Format::Sarif, Format::Github, Format::Short];

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    /// Errors.
    Error,
    /// Warnings too.
    Warning,
}

/// The version of this shape.
const SCHEMA: &str = "mandatum/check/1";

/// What is printed as JSON.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Printed {
    /// The version of this shape.
    schema: String,
    /// The pack; empty where it cannot be used.
    pack: String,
    /// Whether the pack can be used at all.
    usable: bool,
    /// The scenarios looked at.
    scenarios: Vec<String>,
    /// How many rules there are.
    rules: usize,
    /// Errors and warnings, by place.
    problems: Vec<Problem>,
    /// What their authors let be, by place.
    allowed: Vec<Meant>,
    /// Dated rows that an answer could stand on.
    facts: usize,
    /// Those of them behind an answer in these scenarios.
    facts_read: usize,
    /// Claims in the register.
    claims: usize,
    /// With `--claims`: how many places and attacks were looked for.
    claims_looked_for: Option<usize>,
}

/// Everything found.
struct Found {
    printed: Printed,
    /// What cannot be used.
    broken: Vec<Diagnostic>,
    linted: Linted,
    texts: Texts,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let found = match load(&arguments.input) {
        Ok(Opened { session, chosen, .. }) if chosen.is_empty() => {
            let mut broken = session.problems;
            broken.push(no_scenario(&arguments.input));
            Found { printed: Printed::default(), broken, linted: Linted::default(), texts: session.texts }
        }
        Ok(opened) => look(arguments, opened),
        Err(Unopened { problems, texts }) => {
            Found { printed: Printed::default(), broken: problems, linted: Linted::default(), texts }
        }
    };
    let mut problems = Problems::default();
    found.broken.iter().chain(&found.linted.found).for_each(|own| problems.push(own.clone()));
    let problems = problems.sorted();
    print(arguments, &found, &problems);
    let worst = problems.iter().map(|problem| problem.severity).min();
    match worst {
        _ if found.broken.iter().any(|own| own.severity == Severity::Error) => Exit::BadInput,
        Some(Severity::Error) => Exit::Findings,
        Some(Severity::Warning) if arguments.fail_on == FailOn::Warning => Exit::Findings,
        _ => Exit::Clean,
    }
}

fn look(arguments: &Arguments, opened: Opened) -> Found {
    let Opened { session, mut chosen, whole, .. } = opened;
    if arguments.input.scenario.is_none() {
        chosen = session.pack.scenarios.iter().map(|loaded| loaded.scenario.id.clone()).collect();
    }
    let whole = whole && chosen.len() == session.pack.scenarios.len();
    let mut broken = session.problems.clone();
    let mut seen = Seen::default();
    let mut unseen = Vec::new();
    let mut progress = output::progress("scenarios");
    for (done, loaded) in chosen.iter().filter_map(|id| session.scenario(id)).enumerate() {
        progress(done, chosen.len());
        let (mut asked, wrong) = lint::look(&session, loaded, &mut seen);
        broken.extend(wrong);
        if arguments.claims {
            unseen.extend(register::unseen(&mut asked, loaded));
        }
    }
    progress(chosen.len(), chosen.len());
    let mut linted = lint_pack(&session, &seen, whole);
    linted.found.extend(register::unaccounted(&session));
    linted.found.extend(register::uncoded(&session));
    linted.found.extend(unseen);
    broken.extend(session.late_problems());
    let register = &session.pack.register;
    let looked_for = || {
        let here = |scenario: &String| chosen.contains(scenario);
        let shown = register.claims.values().flat_map(|own| &own.shown).filter(|own| here(&own.scenario)).count();
        let attacks = register.disagreements.values().flat_map(|own| &own.attacks);
        shown + attacks.filter(|own| own.scenario.as_ref().is_some_and(here)).count()
    };
    let facts = coverage::rows(&session.pack.world).len();
    Found {
        printed: Printed {
            pack: session.pack.world.pack.id.clone(),
            usable: true,
            rules: session.rules.rules.len(),
            facts,
            facts_read: facts - seen.facts.unread(&session.pack.world).len(),
            claims: register.claims.len(),
            claims_looked_for: arguments.claims.then(looked_for),
            scenarios: chosen,
            ..Printed::default()
        },
        broken,
        linted,
        texts: session.texts,
    }
}

fn print(arguments: &Arguments, found: &Found, problems: &[Diagnostic]) {
    let (texts, allowed) = (&found.texts, &found.linted.allowed);
    match arguments.format {
        Format::Json => {
            let told = &found.printed;
            output::json(&Printed {
                schema: SCHEMA.to_owned(),
                pack: told.pack.clone(),
                scenarios: told.scenarios.clone(),
                problems: problems.iter().map(|own| render::problems::problem(own, texts)).collect(),
                allowed: allowed.iter().map(|own| render::problems::meant(own, texts)).collect(),
                ..*told
            });
        }
        Format::Sarif => output::json(&render::problems::sarif(problems, allowed, texts)),
        Format::Github => output::out(&render::problems::github(problems, texts)),
        Format::Short => output::out(&render::problems::short(problems)),
        _ => {
            output::problems(problems, texts);
            if found.printed.usable {
                output::out(&summary(&found.printed, &found.linted, problems));
            }
        }
    }
}

fn summary(told: &Printed, linted: &Linted, problems: &[Diagnostic]) -> String {
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let mut out = format!(
        "{}, {}: {}, {} allowed\n",
        plural(told.scenarios.len(), "scenario"),
        plural(told.rules, "rule"),
        render::diagnostics::count(problems),
        linted.allowed.len()
    );
    out.push_str(&format!(
        "facts: {} of {} stand behind an answer in these scenarios\n",
        told.facts_read,
        plural(told.facts, "dated row")
    ));
    let of = |codes: &[&str]| linted.found.iter().filter(|own| codes.contains(&own.code)).count();
    if told.claims > 0 {
        let unaccounted = of(&["unaccounted-claim", "unshown-claim", "foreign-claim", "unknown-claim"]);
        out.push_str(&format!("register: {}, {unaccounted} unaccounted for", plural(told.claims, "claim")));
        if let Some(count) = told.claims_looked_for {
            let wrong = of(&["unseen-claim", "unseen-attack"]);
            out.push_str(&format!("; {count} places and attacks looked for in these scenarios: {wrong} not as said"));
        }
        out.push('\n');
    }
    out
}
