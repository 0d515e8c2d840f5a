//! `mandatum what-if`: a proposal in plain words, who would have to agree, and what it would change.

use std::collections::BTreeMap;

use mandatum::answer::Options;
use mandatum::answer::report::Evaluation;
use mandatum::change::{Change, Form};
use mandatum::compare::{Comparison, compare};
use mandatum::diagnostic::{Diagnostic, Place, suggestion};
use mandatum::load::Loaded;
use mandatum::render::comparison::{comparison, four_ways, proposal};
use mandatum::render::document::{Document, Style, plain, span};
use mandatum::session::Session;
use mandatum::what_if::{self, Altered, Consent, Effect};
use mandatum::world::{Sentence, WhatIf};
use schemars::JsonSchema;
use serde::Serialize;

use super::Exit;
use super::evaluate::How;
use super::files::{Input, Opened, open, place};
use super::output::{self, Format};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A scenario file or a shipped scenario; with --id also a pack, whose scenario is then found.
    #[arg(required_unless_present = "forms")]
    scenario: Option<String>,
    /// Changes, each a sentence: "UZB joins CSTO". They are carried out in this order.
    changes: Vec<String>,
    /// A named list of changes of the scenario or its pack.
    #[arg(long, value_name = "NAME")]
    id: Vec<String>,
    /// What is assumed of the world, kept apart from what actors do: shows four ways.
    #[arg(long, value_name = "CHANGE")]
    assuming: Vec<String>,
    /// After each change, what it alone adds.
    #[arg(long)]
    steps: bool,
    /// Carry the proposed changes out in another order: their numbers, such as 2,1,3.
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    order: Vec<usize>,
    /// A class's predictions (TOML), shown beside the results.
    #[arg(long, value_name = "FILE")]
    predict: Option<std::path::PathBuf>,
    /// List the forms a change may take.
    #[arg(long)]
    forms: bool,
    #[command(flatten)]
    how: How,
    /// More rules.
    #[arg(long, value_name = "DIR")]
    rules: Vec<std::path::PathBuf>,
    /// How to write it.
    #[arg(long, value_parser = output::formats(output::PAGE), default_value = "terminal")]
    format: Format,
}

impl Arguments {
    /// What follows the scenario, as it is typed.
    fn typed(&self) -> String {
        let mut typed: String = self.changes.iter().map(|change| format!(" \"{change}\"")).collect();
        typed.extend(self.id.iter().map(|id| format!(" --id {id}")));
        typed.extend(self.assuming.iter().map(|change| format!(" --assuming \"{change}\"")));
        typed.push_str(if self.steps { " --steps" } else { "" });
        if !self.order.is_empty() {
            let numbers: Vec<String> = self.order.iter().map(usize::to_string).collect();
            typed.push_str(&format!(" --order {}", numbers.join(",")));
        }
        typed.extend(self.predict.iter().map(|path| format!(" --predict {}", path.display())));
        typed.extend(self.rules.iter().map(|folder| format!(" --rules {}", folder.display())));
        typed.push_str(&self.how.typed());
        typed
    }
}

/// What is printed as JSON.
#[derive(Serialize, JsonSchema)]
pub(super) struct Printed {
    /// The version of this shape.
    schema: &'static str,
    /// The scenario.
    scenario: String,
    /// What was assumed of the world.
    assuming: Vec<PrintedEffect>,
    /// What was proposed.
    changes: Vec<PrintedEffect>,
    /// What became of it.
    comparison: Comparison,
    /// The evaluation before any change.
    before: Evaluation,
    /// The evaluation after all of them.
    after: Evaluation,
}

/// One change, carried out.
#[derive(Serialize, JsonSchema)]
struct PrintedEffect {
    /// The sentence.
    change: String,
    /// Why it edited nothing, if it did not.
    nothing_because: Option<String>,
    /// What else it did.
    notes: Vec<String>,
    /// Who would have to agree.
    consent: Vec<Consent>,
}

impl From<&Effect> for PrintedEffect {
    fn from(effect: &Effect) -> Self {
        PrintedEffect {
            change: effect.change.to_string(),
            nothing_because: effect.nothing.clone(),
            notes: effect.notes.clone(),
            consent: effect.consent.clone(),
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    if arguments.forms {
        forms(arguments.format);
        return Exit::Clean;
    }
    let input = Input { scenario: arguments.scenario.clone(), rules: arguments.rules.clone() };
    let Some(opened) = open(&input) else { return Exit::BadInput };
    let mut texts = opened.session.texts.clone();
    match answer(arguments, &opened, &mut texts) {
        Ok(()) => Exit::Clean,
        Err(problems) => {
            // A sentence of the command line is a file of its own.
            texts.extend(arguments.changes.iter().chain(&arguments.assuming).map(|text| (text.clone(), text.clone())));
            output::problems(&problems, &texts);
            Exit::BadInput
        }
    }
}

/// The proposed changes in the order asked for; each has to be named once.
fn in_order(order: &[usize], proposed: Vec<Change>) -> Result<Vec<Change>, String> {
    if order.is_empty() {
        return Ok(proposed);
    }
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    if sorted != (1..=proposed.len()).collect::<Vec<usize>>() {
        let all: Vec<String> = (1..=proposed.len()).map(|number| number.to_string()).collect();
        return Err(format!("--order names each proposed change once: {}, in any order", all.join(",")));
    }
    Ok(order.iter().filter_map(|number| proposed.get(number - 1).cloned()).collect())
}

/// A list of the forms, as the documentation has them.
fn forms(format: Format) {
    let mut document = Document::default();
    document.heading(1, "Changes");
    let points = Form::ALL
        .iter()
        .map(|form| vec![span(Style::Code, form.pattern()), plain(format!(": {}", form.meaning()))])
        .collect();
    document.list(points);
    output::document(&document, format);
}

/// The scenario asked for; of a whole pack, the one on which the named changes are tried.
fn tried_on<'o>(arguments: &Arguments, opened: &'o Opened) -> Vec<&'o String> {
    let has = |id: &&String| {
        let own = opened.session.scenario(id).map(|loaded| &loaded.scenario.what_ifs);
        arguments.id.iter().all(|name| own.is_some_and(|own| own.iter().any(|what_if| what_if.id == *name)))
    };
    let named = opened.chosen.len() > 1 && !arguments.id.is_empty();
    opened.chosen.iter().filter(|id| !named || has(id)).collect()
}

fn answer(arguments: &Arguments, opened: &Opened, texts: &mut BTreeMap<String, String>) -> Result<(), Vec<Diagnostic>> {
    let session = &opened.session;
    let complaint = |message: String, help: Option<String>| {
        let mut problem = Diagnostic::error("no-change", message, Place::whole("the command line"), "asked for");
        problem.help = help;
        vec![problem]
    };
    let tried_on = tried_on(arguments, opened);
    let [id] = tried_on.as_slice() else {
        let known = opened.chosen.iter().filter_map(|id| session.scenario(id)).flat_map(|own| &own.scenario.what_ifs);
        let help = arguments.id.first().and_then(|id| suggestion(id, known.map(|own| own.id.as_str())));
        let message = match arguments.id.first() {
            Some(id) => format!("no one scenario of the pack has the what-if `{id}`"),
            None => "name one scenario".to_owned(),
        };
        return Err(complaint(message, help));
    };
    let id: &String = id;
    let Some(loaded) = session.scenario(id) else { return Ok(()) };
    let named = named(arguments, loaded).map_err(|(message, help)| complaint(message, help))?;
    let sentences = |own: &[String]| own.iter().map(|text| what_if::typed(text)).collect::<Vec<Sentence>>();
    let mut proposed: Vec<Sentence> = named.iter().flat_map(|what_if| what_if.changes.clone()).collect();
    proposed.extend(sentences(&arguments.changes));
    let mut assumed: Vec<Sentence> = named.iter().flat_map(|what_if| what_if.assuming.clone()).collect();
    assumed.extend(sentences(&arguments.assuming));
    if proposed.is_empty() && assumed.is_empty() {
        let listed: Vec<&str> = loaded.scenario.what_ifs.iter().map(|own| own.id.as_str()).collect();
        let help = match listed.as_slice() {
            [] => "write a change, such as \"KGZ leaves CSTO\"; all forms: mandatum what-if --forms".to_owned(),
            _ => format!("write a change, or name one with --id: {}", listed.join(", ")),
        };
        return Err(complaint("there is nothing to change".to_owned(), Some(help)));
    }
    let assumed = what_if::read(session, loaded, &assumed);
    let proposed = what_if::read(session, loaded, &proposed);
    let (assumed, proposed) = match (assumed, proposed) {
        (Ok(assumed), Ok(proposed)) => (assumed, proposed),
        (a, b) => return Err(a.err().into_iter().chain(b.err()).flatten().collect()),
    };
    let proposed = in_order(&arguments.order, proposed).map_err(|message| complaint(message, None))?;
    let predictions = match &arguments.predict {
        Some(path) => Some(super::predictions::read(path).map_err(|(problems, text)| {
            texts.insert(path.display().to_string(), text);
            problems
        })?),
        None => None,
    };
    let options = arguments.how.options();
    let before = session.evaluate(loaded, &options)?.evaluation;
    let both: Vec<Change> = assumed.iter().chain(&proposed).cloned().collect();
    let altered = what_if::apply(loaded, &options, &both);
    let after = what_if::evaluate(session, &altered)?.evaluation;
    output::problems(&session.late_problems(), &session.texts);
    let (assuming, proposing) = altered.effects.split_at(assumed.len().min(altered.effects.len()));
    if arguments.format == Format::Json {
        output::json(&Printed {
            schema: "mandatum/what-if/1",
            scenario: before.scenario.clone(),
            assuming: assuming.iter().map(PrintedEffect::from).collect(),
            changes: proposing.iter().map(PrintedEffect::from).collect(),
            comparison: compare(&before, &after),
            before,
            after,
        });
        return Ok(());
    }
    let mut document = Document::default();
    head(&mut document, session, &before, &named, &both);
    let warnings: Vec<_> = after.warnings.iter().map(|warning| vec![span(Style::Contested, warning)]).collect();
    document.list(warnings);
    proposal(&mut document, "Assumed of the world", assuming);
    proposal(&mut document, "Proposed", proposing);
    nothing_at_all(&mut document, &altered);
    if assumed.is_empty() || proposed.is_empty() {
        comparison(&mut document, &compare(&before, &after), ["what is", "what would be"]);
    } else {
        let only = |changes: &[Change]| -> Result<Evaluation, Vec<Diagnostic>> {
            Ok(what_if::evaluate(session, &what_if::apply(loaded, &options, changes))?.evaluation)
        };
        let (assumption, proposal) = (only(&assumed)?, only(&proposed)?);
        four_ways(&mut document, [&before, &assumption, &proposal, &after]);
        document.heading(2, "What the proposal changes, the assumption granted");
        comparison(&mut document, &compare(&assumption, &after), ["the assumption alone", "both"]);
    }
    if arguments.steps && both.len() > 1 {
        steps(&mut document, session, loaded, &options, &both)?;
    }
    if let Some(predictions) = &predictions {
        super::predictions::known(predictions, &after)?;
        super::predictions::beside(&mut document, predictions, &after);
    }
    expected(&mut document, &named);
    document.paragraph(vec![
        span(Style::Dim, "Legal openings, not advice. To get the same again: "),
        span(Style::Code, format!("mandatum what-if {}{}", place(opened, id), arguments.typed())),
    ]);
    output::document(&document, arguments.format);
    Ok(())
}

/// The named lists of changes asked for.
fn named(arguments: &Arguments, loaded: &Loaded) -> Result<Vec<WhatIf>, (String, Option<String>)> {
    let own = &loaded.scenario.what_ifs;
    let find = |id: &String| own.iter().find(|what_if| what_if.id == *id).or_else(|| loaded.world.what_ifs.get(id));
    let mut found = Vec::new();
    for id in &arguments.id {
        match find(id) {
            Some(what_if) => found.push(what_if.clone()),
            None => {
                let known = own.iter().map(|what_if| what_if.id.as_str());
                let known: Vec<&str> = known.chain(loaded.world.what_ifs.keys().map(String::as_str)).collect();
                let help = suggestion(id, known.iter().copied());
                let listed: Vec<&str> = own.iter().map(|what_if| what_if.id.as_str()).collect();
                let help = help.or_else(|| Some(format!("this scenario has: {}", listed.join(", "))));
                return Err((format!("there is no what-if `{id}`"), help));
            }
        }
    }
    Ok(found)
}

fn head(document: &mut Document, session: &Session, before: &Evaluation, named: &[WhatIf], changes: &[Change]) {
    let title = match named {
        [] => changes.iter().map(Change::to_string).collect::<Vec<_>>().join("; "),
        _ => named.iter().map(|what_if| what_if.text.clone()).collect::<Vec<_>>().join("; "),
    };
    document.heading(1, format!("What if {title}?"));
    document.paragraph(vec![plain(format!("{}, {}", before.title, before.as_of))]);
    for what_if in named {
        if let Some(source) = &what_if.source {
            let at = what_if.locator.as_deref().map(|at| format!(", {at}")).unwrap_or_default();
            let source = session.pack.world.cite(source);
            document.paragraph(vec![span(Style::Source, format!("suggested by {source}{at}"))]);
        }
    }
}

/// A proposal that edits nothing says so before anything else.
fn nothing_at_all(document: &mut Document, altered: &Altered) {
    if altered.effects.iter().all(|effect| effect.nothing.is_some()) {
        document.paragraph(vec![span(Style::Gap, "Nothing in the world changes: it is so already, or cannot be so.")]);
    }
}

/// What each change alone adds to those before it.
fn steps(
    document: &mut Document,
    session: &Session,
    loaded: &Loaded,
    options: &Options,
    changes: &[Change],
) -> Result<(), Vec<Diagnostic>> {
    let mut last = session.evaluate(loaded, options)?.evaluation;
    for upto in 1..=changes.len() {
        let stacked = changes.get(..upto).unwrap_or_default();
        let next = what_if::evaluate(session, &what_if::apply(loaded, options, stacked))?.evaluation;
        if let Some(change) = stacked.last() {
            document.heading(2, format!("Step {upto}: {change}"));
        }
        comparison(document, &compare(&last, &next), ["before this step", "after it"]);
        last = next;
    }
    let turned: Vec<Change> = changes.iter().rev().cloned().collect();
    let other = what_if::evaluate(session, &what_if::apply(loaded, options, &turned))?.evaluation;
    let same = compare(&last, &other).is_empty();
    document.paragraph(vec![plain(if same {
        "Carried out the other way round, they come to the same."
    } else {
        "Carried out the other way round, they come to something else: try --order."
    })]);
    Ok(())
}

fn expected(document: &mut Document, named: &[WhatIf]) {
    let points = named.iter().filter_map(|what_if| {
        what_if.expected.as_ref().map(|text| vec![span(Style::Code, &what_if.id), plain(format!(": {text}"))])
    });
    document.section("What its author expected", points.collect());
    let notes = named.iter().filter_map(|what_if| {
        what_if.note.as_ref().map(|text| vec![span(Style::Code, &what_if.id), plain(format!(": {text}"))])
    });
    document.section("To be noted", notes.collect());
}
