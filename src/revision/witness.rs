//! The case that shows a difference: one threat, one affected state, one function, one day, and where the line stops in
//! each version. It can be written out as a scenario and evaluated in both.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::Passes;
use super::lines::Lines;
use crate::answer::report::{Evaluation, HolderResult, StepKind};
use crate::answer::{Depth, Options};
use crate::atlas;
use crate::date::{Day, PartialDate};
use crate::diagnostic::Diagnostic;
use crate::load::Loaded;
use crate::session::Session;
use crate::world::{Id, Step};

/// A case that the two versions decide differently for a line.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Witness {
    /// `LINE/threat/STATE/function@day`: names it.
    pub id: String,
    /// The line.
    pub line: String,
    /// The threat.
    pub threat: String,
    /// The affected state.
    pub state: String,
    /// The function.
    pub function: String,
    /// The day.
    pub day: String,
    /// How the line stands in the first version.
    pub was: Stand,
    /// How it stands in the second.
    pub now: Stand,
}

/// How a line stands in the case of a witness.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Stand {
    /// Whether it passes on paper.
    pub passes: Passes,
    /// The body in it that comes farthest.
    pub holder: Option<String>,
    /// The step at which that body does not surely pass.
    pub step: Option<Step>,
    /// How it comes out there.
    pub result: Option<StepKind>,
    /// Why.
    pub why: String,
    /// Rules and mandates that decide that step.
    pub rules: Vec<String>,
    /// The mandate it stands on.
    pub mandate: Option<String>,
}

/// Judges one case in both versions. `cell` is the line, the threat, the affected state and the function.
///
/// Errors: unknown lenses.
pub fn witness(
    sides: [&Session; 2],
    cell: [&str; 4],
    day: Day,
    lenses: &BTreeSet<Id>,
) -> Result<Witness, Vec<Diagnostic>> {
    let [line, threat, state, function] = cell;
    let lines = Lines::of(sides.map(|side| side.pack.world.as_ref()));
    let [first, second] = sides;
    Ok(Witness {
        id: format!("{line}/{threat}/{state}/{function}@{day}"),
        line: line.to_owned(),
        threat: threat.to_owned(),
        state: state.to_owned(),
        function: function.to_owned(),
        day: day.to_string(),
        was: stand(first, &lines, cell, day, lenses)?,
        now: stand(second, &lines, cell, day, lenses)?,
    })
}

fn stand(
    session: &Session,
    lines: &Lines,
    [line, threat, state, function]: [&str; 4],
    day: Day,
    lenses: &BTreeSet<Id>,
) -> Result<Stand, Vec<Diagnostic>> {
    let world = &session.pack.world;
    let functions = [function.to_owned()];
    let loaded = Loaded { scenario: atlas::scenario(&world.pack.id, threat, state, &functions), world: world.clone() };
    let options = Options {
        as_of: Some(PartialDate::Day(day)),
        lenses: lenses.clone(),
        depth: Depth::Cells,
        ..Options::default()
    };
    let found = session.evaluate(&loaded, &options)?.evaluation;
    let none = |why: &str| Stand {
        passes: Passes::No,
        holder: None,
        step: None,
        result: None,
        why: why.to_owned(),
        rules: Vec::new(),
        mandate: None,
    };
    let Some(judged) = atlas::judged(&found, function) else {
        return Ok(none("nothing is asked of it: a rule says that the function is not needed"));
    };
    let among = |ids: &[Id]| ids.iter().any(|id| lines.line(id) == line);
    let passes = match (among(&judged.lines), among(&judged.undecided)) {
        (true, _) => Passes::Yes,
        (false, true) => Passes::Perhaps,
        (false, false) => Passes::No,
    };
    Ok(match farthest(&found, lines, line, function) {
        Some(holder) => {
            // A line that passes may do so by different bodies in different worlds: no step is named then.
            let step = holder
                .steps
                .iter()
                .find(|own| Step::ON_PAPER.contains(&own.step) && own.result != StepKind::Passes)
                .filter(|_| passes != Passes::Yes);
            Stand {
                passes,
                holder: Some(holder.holder.clone()),
                step: step.map(|own| own.step),
                result: step.map(|own| own.result),
                why: step.map(|own| own.why.clone()).unwrap_or_default(),
                rules: step.map(|own| own.rules.clone()).unwrap_or_default(),
                mandate: holder.mandate.clone(),
            }
        }
        None if !world.bodies.keys().any(|body| lines.line(body) == line) => {
            none("this version has no such organisation")
        }
        None => Stand {
            step: Some(Step::Competence),
            result: Some(StepKind::Stops),
            ..none("no text gives it this function against this threat")
        },
    })
}

/// The body of a line that comes farthest on paper.
fn farthest<'e>(found: &'e Evaluation, lines: &Lines, line: &str, function: &str) -> Option<&'e HolderResult> {
    let rank = |own: &HolderResult| {
        let kind = match own.on_paper {
            StepKind::Passes => 3,
            StepKind::Open => 2,
            StepKind::Contested => 1,
            StepKind::Stops => 0,
        };
        let paper = own.steps.iter().filter(|step| Step::ON_PAPER.contains(&step.step));
        (kind, paper.take_while(|step| step.result == StepKind::Passes).count())
    };
    let needs = found.cases.first()?.needs.iter().find(|need| need.function == function)?;
    let own = needs.states.first()?.holders.iter().filter(|own| lines.line(&own.holder) == line);
    own.min_by_key(|own| (std::cmp::Reverse(rank(own)), &own.holder))
}

/// The case as a scenario in TOML, to be saved in a folder of either version and evaluated there.
pub fn scenario(witness: &Witness) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let Witness { line, threat, state, function, day, .. } = witness;
    format!(
        "title = {}\ndate = {day}\n\n[[case]]\nid = \"case\"\nthreat = {}\naffected = [{}]\nneeds = [{}]\n",
        quoted(&format!("{function} against {threat} in {state}: {line}")),
        quoted(threat),
        quoted(state),
        quoted(function),
    )
}
