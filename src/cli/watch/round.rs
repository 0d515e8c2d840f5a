//! One round: load, check, test, evaluate; what it shows; and what is kept of the last that went well.

use std::collections::BTreeMap;
use std::time::Instant;

use mandatum::answer::Options;
use mandatum::answer::report::Evaluation;
use mandatum::compare::compare;
use mandatum::diagnostic::{Diagnostic, Severity};
use mandatum::load::PackFiles;
use mandatum::render;
use mandatum::render::document::{Document, Style, count, listed, plain, span};
use mandatum::render::page::{PageOptions, headline, page};

use super::super::Exit;
use super::super::files::{Gathered, Opened, Unopened};
use super::super::output::width;
use super::checks::{check, test};
use super::{Part, unread};

/// Scenarios whose tables are shown; of more than these, only counts.
const TABLES: usize = 3;

/// What a round came to.
pub(super) struct Tried {
    /// What it shows.
    pub(super) text: String,
    /// How a command that ran it alone would end.
    pub(super) exit: Exit,
}

/// The last round that went well.
struct Good {
    number: usize,
    at: Instant,
    evaluations: BTreeMap<String, Evaluation>,
}

/// Rounds so far.
pub(super) struct Rounds {
    parts: Vec<Part>,
    options: Options,
    pages: bool,
    number: usize,
    files: Option<PackFiles>,
    good: Option<Good>,
}

impl Rounds {
    pub(super) fn new(parts: Vec<Part>, options: Options, pages: bool) -> Self {
        Rounds { parts, options, pages, number: 0, files: None, good: None }
    }

    /// One round over what was read.
    pub(super) fn round(&mut self, gathered: Result<Gathered, Vec<Diagnostic>>) -> Tried {
        self.number += 1;
        let mut text = String::new();
        let mut head = Document::default();
        head.heading(2, self.title(gathered.as_ref().ok().map(|own| &own.files)));
        text.push_str(&render::terminal::terminal(&head, width()));
        if let Ok(own) = &gathered {
            self.files = Some(own.files.clone());
        }
        let loaded = gathered.map_err(unread).and_then(|own| own.load());
        let error = |problem: &Diagnostic| problem.severity == Severity::Error;
        let exit = match loaded {
            Ok(opened) if !opened.session.problems.iter().any(error) => self.good_round(&opened, &mut text),
            Ok(opened) => {
                let unusable = Unopened { problems: opened.session.problems, texts: opened.session.texts };
                self.broken(&unusable, &mut text)
            }
            Err(unusable) => self.broken(&unusable, &mut text),
        };
        Tried { text, exit }
    }

    fn title(&self, now: Option<&PackFiles>) -> String {
        if self.number == 1 {
            return "round 1".to_owned();
        }
        let changed = self.files.as_ref().zip(now).map(|(before, now)| changed(before, now)).unwrap_or_default();
        let what = if changed.is_empty() { String::new() } else { format!(": {}", listed(&changed, 4)) };
        format!("round {}{what}", self.number)
    }

    /// What does not load is shown, and the last good result after it.
    fn broken(&self, unusable: &Unopened, text: &mut String) -> Exit {
        text.push_str(&render::diagnostics::diagnostics(&unusable.problems, &unusable.texts));
        let mut document = Document::default();
        match &self.good {
            Some(good) => {
                let since = good.at.elapsed().as_secs();
                let kept = format!(
                    "it does not load; the last good result is that of round {}, {} ago",
                    good.number,
                    count(since.try_into().unwrap_or(usize::MAX), "second")
                );
                document.paragraph(vec![span(Style::Strong, kept)]);
                self.tables(&mut document, &good.evaluations);
            }
            None => document.paragraph(vec![span(Style::Strong, "it does not load, and never did")]),
        }
        text.push_str(&render::terminal::terminal(&document, width()));
        Exit::BadInput
    }

    fn good_round(&mut self, opened: &Opened, text: &mut String) -> Exit {
        let mut exit = Exit::Clean;
        let session = &opened.session;
        let mut problems = session.problems.clone();
        if self.parts.contains(&Part::Check) {
            let found = check(opened);
            if found.iter().any(|problem| problem.severity == Severity::Error) {
                exit = Exit::Findings;
            }
            problems.extend(found);
        }
        let mut evaluations = BTreeMap::new();
        if self.parts.contains(&Part::Evaluate) {
            for loaded in opened.chosen.iter().filter_map(|id| session.scenario(id)) {
                match session.evaluate(loaded, &self.options) {
                    Ok(found) => {
                        evaluations.insert(loaded.scenario.id.clone(), found.evaluation);
                    }
                    Err(found) => problems.extend(found),
                }
            }
        }
        let tested = self.parts.contains(&Part::Test).then(|| test(opened));
        problems.extend(session.late_problems());
        if problems.iter().any(|problem| problem.severity == Severity::Error && problem.code == "rule-failed") {
            exit = Exit::BadInput;
        }
        text.push_str(&render::diagnostics::diagnostics(&problems, &session.texts));
        let mut document = Document::default();
        if let (Some(good), true) = (&self.good, self.parts.contains(&Part::Evaluate)) {
            moved(&mut document, good, &evaluations);
        }
        if let Some(tested) = &tested {
            text.push_str(&render::diagnostics::diagnostics(&tested.problems, &session.texts));
            let failed = tested.failed;
            let line = match failed {
                0 => span(Style::Good, format!("{}: all hold", count(tested.tried, "test"))),
                _ => span(Style::Gap, format!("{}: {failed} fail", count(tested.tried, "test"))),
            };
            document.paragraph(vec![line]);
            exit = exit.max(if failed == 0 { Exit::Clean } else { Exit::Findings });
        }
        self.tables(&mut document, &evaluations);
        text.push_str(&render::terminal::terminal(&document, width()));
        self.good = Some(Good { number: self.number, at: Instant::now(), evaluations });
        exit
    }

    /// The first tables of pages, or the pages.
    fn tables(&self, document: &mut Document, evaluations: &BTreeMap<String, Evaluation>) {
        for evaluation in evaluations.values() {
            let own = if self.pages {
                page(evaluation, &PageOptions::default())
            } else {
                headline(evaluation, evaluations.len() <= TABLES)
            };
            document.blocks.extend(own.blocks);
        }
    }
}

/// What moved since the last good round, scenario by scenario.
fn moved(document: &mut Document, before: &Good, now: &BTreeMap<String, Evaluation>) {
    let mut still = true;
    for (id, evaluation) in now {
        let Some(was) = before.evaluations.get(id) else {
            document.paragraph(vec![span(Style::Strong, format!("{id} is new"))]);
            still = false;
            continue;
        };
        let found = compare(was, evaluation);
        if !found.is_empty() {
            still = false;
            document.paragraph(vec![span(Style::Strong, format!("{id} moved since round {}:", before.number))]);
            render::comparison::comparison(document, &found, ["the last good round", "this one"]);
        }
    }
    for id in before.evaluations.keys().filter(|id| !now.contains_key(*id)) {
        document.paragraph(vec![span(Style::Strong, format!("{id} is gone"))]);
        still = false;
    }
    if still {
        document.paragraph(vec![plain(format!("nothing moved since round {}", before.number))]);
    }
}

/// The names of files that are new, changed or gone.
fn changed(before: &PackFiles, now: &PackFiles) -> Vec<String> {
    let kinds = [
        (&before.world, &now.world),
        (&before.scenarios, &now.scenarios),
        (&before.rules, &now.rules),
        (&before.tests, &now.tests),
    ];
    let mut names = Vec::new();
    for (before, now) in kinds {
        let word = |path: &String| match (before.get(path), now.get(path)) {
            (Some(_), None) => Some(" gone"),
            (None, Some(_)) => Some(" new"),
            (one, other) if one != other => Some(""),
            _ => None,
        };
        let mut paths: Vec<&String> = before.keys().chain(now.keys()).collect();
        paths.sort();
        paths.dedup();
        for path in paths {
            let name = path.rsplit('/').next().unwrap_or(path);
            names.extend(word(path).map(|word| format!("{name}{word}")));
        }
    }
    names
}
