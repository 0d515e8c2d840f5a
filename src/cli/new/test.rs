//! A test of a rule: a case for each path through it, with what it says there now.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use mandatum::ask::Read;
use mandatum::rules::{Run, Says};

use super::super::files::write;
use super::Refusal;
use super::target::{Target, free, known, quoted, refresh};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The id of the rule.
    rule: String,
    /// The folder of the pack; the current one if not given.
    #[arg(long = "in", value_name = "PACK")]
    pack: Option<PathBuf>,
}

/// More paths than these nobody checks by eye.
const MOST: usize = 64;

pub(super) fn run(arguments: &Arguments) -> Result<String, Refusal> {
    let target = Target::open(arguments.pack.as_deref())?;
    let rules = &target.session.rules;
    known("rule", &arguments.rule, rules.rules.keys().map(String::as_str))?;
    let Some(rule) = rules.rules.get(&arguments.rule).filter(|rule| rule.source != mandatum::load::CORE) else {
        return Err(Refusal::new(format!("`{}` is a rule of the engine, not of the pack", arguments.rule)));
    };
    if let Some(reason) = rules.failed().get(&rule.id) {
        return Err(Refusal::new(format!("`{}` cannot be used: {}", rule.id, reason.message)).help("mend it first"));
    }
    let folder = Path::new(&*rule.place.file).parent().map_or_else(|| target.rules(), Path::to_path_buf);
    let path = folder.join(format!("{}.test.toml", rule.id));
    free(&path, "add a [[test.case]] to it")?;
    // A rule may name what only a scenario declares.
    let shared = std::iter::once(&target.session.pack.world);
    let worlds = shared.chain(target.session.pack.scenarios.iter().map(|loaded| &loaded.world));
    let mut tree = None;
    for world in worlds {
        tree = Some(rules.paths(rule, world, MOST));
        if !rules.failed().contains_key(&rule.id) {
            break;
        }
    }
    let Some(Ok(tree)) = tree else {
        return Err(Refusal::new(format!("`{}` has more than {MOST} paths", rule.id))
            .help("split it, or write the cases that matter by hand: docs/reference/tables.md#test"));
    };
    let leaves = tree.leaves();
    let mut text = format!(
        "#:schema {}/tests.json
# A case for each path through the rule, with what it said when this was written.
# TODO: check that this is what the source says, not only what the rule says.

[[test]]
rule = {}
note = {}
",
        target.schemas_from_rules(),
        quoted(&rule.id),
        quoted(&format!("TODO: what the source says at {}", rule.at.as_deref().unwrap_or("its place"))),
    );
    for leaf in &leaves {
        case(&mut text, leaf);
    }
    write(&path, &text)?;
    refresh(&target.folder)?;
    Ok(format!("wrote {}: {} cases\nnext: check each against the source\n", path.display(), leaves.len()))
}

fn case(text: &mut String, run: &Run) {
    let mut asked: Vec<&Read> = Vec::new();
    for read in run.reads.iter() {
        if !asked.iter().any(|known| known.question == read.question) {
            asked.push(read);
        }
    }
    let answered = |holds: bool| -> Vec<String> {
        asked.iter().filter(|read| read.answer.holds == holds).map(|read| read.question.to_string()).collect()
    };
    let note: Vec<String> =
        asked.iter().map(|read| format!("{}{}", if read.answer.holds { "" } else { "not " }, read.question)).collect();
    let note = if note.is_empty() { "always".to_owned() } else { note.join(", ") };
    let _ = write!(text, "\n[[test.case]]\nnote = {}\n", quoted(&note));
    for (key, questions) in [("yes", answered(true)), ("no", answered(false))] {
        if !questions.is_empty() {
            let _ = writeln!(text, "{key} = {}", list(&questions));
        }
    }
    if run.says.is_empty() {
        text.push_str("silent = true\n");
    } else {
        let says: Vec<String> = run.says.iter().map(|emission| said(&emission.says)).collect();
        let _ = writeln!(text, "says = {}", list(&says));
    }
}

fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    match quoted.as_slice() {
        [] | [_] => format!("[{}]", quoted.join(", ")),
        _ => format!("[\n    {},\n]", quoted.join(",\n    ")),
    }
}

/// What is said, as it is written in a rule, without quotes and reasons.
fn said(says: &Says) -> String {
    let (word, arguments): (&str, Vec<&str>) = match says {
        Says::Establishes { question } => ("establishes", vec![question]),
        Says::Needs { function } => ("needs", vec![function]),
        Says::NotNeeded { function } => ("not_needed", vec![function]),
        Says::Passes { holder, function, step } => ("passes", vec![holder, function, step.as_str()]),
        Says::Stops { holder, function, step, .. } => ("stops", vec![holder, function, step.as_str()]),
        Says::Finds { verdict, .. } => ("finds", vec![verdict]),
        Says::FlagGap { function, .. } => ("flag_gap", vec![function]),
        Says::FlagOverlap { function, holders: [one, other], .. } => ("flag_overlap", vec![function, one, other]),
        Says::Asserts { proposition } => ("asserts", vec![proposition]),
        Says::Denies { proposition } => ("denies", vec![proposition]),
        Says::Recommends { what_if } => ("recommends", vec![what_if]),
        Says::Undercut { rule } => ("undercut", vec![rule]),
        Says::Contests { rule } => ("contests", vec![rule]),
    };
    format!("{word}({})", arguments.join(", "))
}
