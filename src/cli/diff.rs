//! `mandatum diff`: two versions of a pack, and whose mandate became wider or narrower.

use clap::ValueEnum;
use mandatum::atlas::Space;
use mandatum::date::{Day, PartialDate};
use mandatum::render::revision::revision as page;
use mandatum::revision::{Relation, Stand, Witness, diff, scenario, shared, witness};
use mandatum::session::Session;

use super::Exit;
use super::files::{Opened, open_pack};
use super::output::{self, Format};
use super::space::{Part, Whole};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The first version: a pack's folder or pack.toml, or a shipped pack.
    old: String,
    /// The second version.
    new: String,
    #[command(flatten)]
    part: Part,
    /// Write the case of this witness as a scenario, to be evaluated in either version.
    #[arg(long, value_name = "ID", conflicts_with_all = ["format", "fail_on"])]
    witness: Option<String>,
    /// End with exit code 1 if some mandate became this.
    #[arg(long, value_name = "RELATIONS", value_delimiter = ',')]
    fail_on: Vec<FailOn>,
    /// How to write it.
    #[arg(long, value_parser = output::formats(output::PAGE), default_value = "terminal")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Wider,
    Narrower,
    Incomparable,
    Any,
}

impl FailOn {
    fn relations(self) -> &'static [Relation] {
        match self {
            FailOn::Wider => &[Relation::Wider],
            FailOn::Narrower => &[Relation::Narrower],
            FailOn::Incomparable => &[Relation::Incomparable],
            FailOn::Any => &[Relation::Wider, Relation::Narrower, Relation::Incomparable],
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let (Some(first), Some(second)) = (open_pack(&arguments.old), open_pack(&arguments.new)) else {
        return Exit::BadInput;
    };
    let sides = [&first.session, &second.session];
    if let Some(id) = &arguments.witness {
        return replay(sides, arguments, id);
    }
    let Some(space) = space(sides, arguments) else { return Exit::BadInput };
    let found = match diff(sides, &space, &mut output::progress("threats")) {
        Ok(found) => found,
        Err(problems) => {
            output::problems(&problems, &first.session.texts);
            return Exit::BadInput;
        }
    };
    for side in sides {
        output::problems(&side.late_problems(), &side.texts);
    }
    match arguments.format {
        Format::Json => output::json(&found),
        format => {
            let names = [name(&first), name(&second)];
            output::document(&page(&found, names, &again(arguments)), format);
        }
    }
    let wanted = |relation: &Relation| found.count(*relation) > 0;
    if !found.complete() {
        Exit::BadInput
    } else if arguments.fail_on.iter().flat_map(|own| own.relations()).any(wanted) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// What a side is called on the page.
fn name(opened: &Opened) -> &str {
    &opened.named
}

/// The command without what chooses and writes a witness.
fn again(arguments: &Arguments) -> String {
    let mut typed = format!("mandatum diff {} {}", arguments.old, arguments.new);
    if !arguments.part.lens.is_empty() {
        typed.push_str(&format!(" --lens {}", arguments.part.lens.join(",")));
    }
    typed
}

/// The part of the shared space that was asked for; `None`: what is wrong has been printed.
fn space(sides: [&Session; 2], arguments: &Arguments) -> Option<Space> {
    let shared = shared(sides);
    let states: Vec<String> = {
        let [first, second] = sides.map(|side| &side.pack.world.states);
        first.keys().filter(|id| second.contains_key(*id)).cloned().collect()
    };
    let known = sides.iter().filter_map(|side| side.pack.world.pack.known_until).map(PartialDate::last);
    arguments.part.of(&Whole {
        whose: "one of the two versions",
        threats: shared.threats,
        states: [states, shared.states],
        functions: shared.functions,
        days: [shared.from, shared.until],
        known_until: known.min(),
    })
}

/// Writes the case of a witness as a scenario, with what either version says of it as comments.
fn replay(sides: [&Session; 2], arguments: &Arguments, id: &str) -> Exit {
    let Some((cell, day)) = parsed(id) else {
        output::complain(&format!(
            "error: `{id}` names no witness; write LINE/threat/STATE/function@day, as the page of the diff does\n"
        ));
        return Exit::BadInput;
    };
    for side in sides {
        let world = &side.pack.world;
        let known: [(&str, &str, bool); 3] = [
            ("threat", cell[1], world.threats.terms.contains_key(cell[1])),
            ("state", cell[2], world.states.contains_key(cell[2])),
            ("function", cell[3], world.functions.terms.contains_key(cell[3])),
        ];
        if let Some((what, own, _)) = known.iter().find(|(.., there)| !there) {
            output::complain(&format!("error: the two versions do not both have a {what} `{own}`\n"));
            return Exit::BadInput;
        }
    }
    match witness(sides, cell, day, &arguments.part.lens.iter().cloned().collect()) {
        Ok(found) => output::out(&written(&found, arguments)),
        Err(problems) => {
            output::problems(&problems, &Default::default());
            return Exit::BadInput;
        }
    }
    Exit::Clean
}

fn written(found: &Witness, arguments: &Arguments) -> String {
    let told = |name: &str, own: &Stand| {
        let step = own.step.map(|step| format!(" at {step}")).unwrap_or_default();
        let result = own.result.map_or(own.passes.as_str(), |result| result.as_str());
        let why = if own.why.is_empty() { String::new() } else { format!(": {}", own.why.replace('\n', " ")) };
        let rules = if own.rules.is_empty() { String::new() } else { format!(" ({})", own.rules.join(", ")) };
        let who = own.holder.as_deref().unwrap_or(&found.line);
        format!("# In {name}: {who} {result}{step}{why}{rules}\n")
    };
    format!(
        "# {}\n{}{}# Save it in the folder of either version, and: mandatum evaluate FOLDER/FILE.toml\n{}",
        found.id,
        told(&arguments.old, &found.was),
        told(&arguments.new, &found.now),
        scenario(found)
    )
}

/// `LINE/threat/STATE/function@day`.
fn parsed(id: &str) -> Option<([&str; 4], Day)> {
    let (cell, day) = id.rsplit_once('@')?;
    let PartialDate::Day(day) = PartialDate::parse(day)? else { return None };
    let parts: Vec<&str> = cell.split('/').collect();
    <[&str; 4]>::try_from(parts).ok().map(|cell| (cell, day))
}
