//! The result page: what is asked, what texts allow, where they leave a gap, overlap, or disagree, and on what it rests.
//!
//! What happened stays hidden unless asked for, since a class predicts first.

pub use super::cells::Column;
use std::collections::BTreeSet;

use super::document::{Document, Line, Style, plain, span};
use super::{card, cells, matrix, papers, sections, states};
use crate::answer::AnswerKind;
use crate::answer::report::{CaseResult, Evaluation, StateResult};

/// What a page shows.
#[derive(Clone, Debug, Default)]
pub struct PageOptions {
    /// One column of the matrix only, with the findings that belong to it.
    pub reveal: Option<Column>,
    /// Whether what happened is shown.
    pub reveal_what_happened: bool,
    /// The command that reproduces the page.
    pub command: Option<String>,
}

/// The result page of an evaluation.
pub fn page(evaluation: &Evaluation, options: &PageOptions) -> Document {
    let mut document = Document::default();
    document.heading(1, &evaluation.title);
    if let Some(question) = &evaluation.question {
        document.paragraph(vec![plain(question.trim())]);
    }
    document.blank();
    let cases = by_case(&evaluation.cases);
    document.card(card::card(evaluation, &cases));
    document.paragraph(vec![span(Style::Dim, "What texts allow, not what would work or what anyone would do.")]);
    document.blank();
    counts(&mut document, evaluation, options.reveal);
    for (index, accounts) in cases.iter().enumerate() {
        let Some(first) = accounts.first() else { continue };
        if cases.len() > 1 {
            document.heading(3, case_line(first, accounts.len() == 1));
        } else if index == 0 {
            document.blank();
        }
        matrix::matrix(&mut document, accounts, options.reveal);
    }
    sections::findings(&mut document, evaluation, options.reveal);
    if matches!(options.reveal, None | Some(Column::Used)) {
        sections::responses(&mut document, evaluation);
    }
    if options.reveal != Some(Column::Used) {
        states::states(&mut document, evaluation, options.reveal);
    }
    if options.reveal.is_none() {
        papers::papers(&mut document, evaluation);
        papers::rivalries(&mut document, evaluation);
        papers::assumptions(&mut document, evaluation);
        papers::sources(&mut document, evaluation);
    }
    if options.reveal_what_happened {
        let told = evaluation.what_happened.as_deref().unwrap_or("Nothing is recorded here.");
        document.heading(2, "What happened");
        document.paragraph(vec![plain(told.trim())]);
        let told = evaluation
            .told
            .iter()
            .map(|[source, locator, text]| vec![plain(text), span(Style::Source, format!(" [{source}, {locator}]"))]);
        document.section("Who tells of it, and what for", told.collect());
    }
    closing(&mut document, evaluation, options);
    document
}

/// The title of an evaluation and how often each answer comes out, with the tables of its needs if they are wanted.
pub fn headline(evaluation: &Evaluation, tables: bool) -> Document {
    let mut document = Document::default();
    document.paragraph(vec![
        span(Style::Strong, &evaluation.title),
        plain(format!(", {} ", evaluation.as_of)),
        span(Style::Dim, &evaluation.scenario),
    ]);
    counts(&mut document, evaluation, None);
    let cases = by_case(&evaluation.cases);
    for accounts in cases.iter().filter(|_| tables) {
        if let (Some(first), true) = (accounts.first(), cases.len() > 1) {
            document.heading(3, case_line(first, false));
        }
        matrix::matrix(&mut document, accounts, None);
    }
    document
}

/// Cases in order, each with its accounts.
pub(super) fn by_case(results: &[CaseResult]) -> Vec<Vec<&CaseResult>> {
    let mut cases: Vec<Vec<&CaseResult>> = Vec::new();
    for result in results {
        match cases.iter_mut().find(|accounts| accounts.first().is_some_and(|first| first.id == result.id)) {
            Some(accounts) => accounts.push(result),
            None => cases.push(vec![result]),
        }
    }
    cases
}

fn case_line(case: &CaseResult, with_text: bool) -> String {
    let mut line = case.id.clone();
    if let (true, Some(text)) = (with_text, &case.text) {
        line.push_str(&format!(": {}", text.trim()));
    }
    line
}

/// Every cell: case, function, result.
pub(super) fn cells(evaluation: &Evaluation) -> impl Iterator<Item = (&CaseResult, &str, &StateResult)> {
    evaluation.cases.iter().flat_map(|case| {
        case.needs
            .iter()
            .flat_map(move |need| need.states.iter().map(move |state| (case, need.function.as_str(), state)))
    })
}

/// How often each answer comes out; symbols stand beside their words, so that this is the legend too.
///
/// A cell that comes out the same in several accounts counts once.
fn counts(document: &mut Document, evaluation: &Evaluation, reveal: Option<Column>) {
    let mut rows = Vec::new();
    for (column, title) in [(Column::Paper, "On paper"), (Column::Available, "Available")] {
        if reveal.is_some_and(|only| only != column) {
            continue;
        }
        let answers: BTreeSet<(&str, &str, &str, AnswerKind)> = cells(evaluation)
            .map(|(case, function, state)| {
                let judgement = if column == Column::Paper { &state.on_paper } else { &state.available };
                (case.id.as_str(), function, state.state.as_str(), judgement.answer)
            })
            .collect();
        let mut line = Line::new();
        for (answer, one, many) in [
            (AnswerKind::Gap, "gap", "gaps"),
            (AnswerKind::Overlap, "overlap", "overlaps"),
            (AnswerKind::Contested, "contested", "contested"),
            (AnswerKind::Open, "open", "open"),
            (AnswerKind::OneHolder, "with one holder", "with one holder"),
        ] {
            let count = answers.iter().filter(|(.., own)| *own == answer).count();
            let (symbol, style) = cells::look(answer);
            let comma = if line.is_empty() { "" } else { ",  " };
            line.push(plain(comma));
            line.push(span(style, format!("{symbol}\u{a0}{count}\u{a0}{}", if count == 1 { one } else { many })));
        }
        rows.push((title.to_owned(), line));
    }
    if !rows.is_empty() {
        document.card(rows);
    }
}

fn closing(document: &mut Document, evaluation: &Evaluation, options: &PageOptions) {
    if !evaluation.complete {
        let mut points: Vec<Line> = evaluation
            .failed_rules
            .iter()
            .map(|(rule, why)| vec![span(Style::Code, rule), plain(format!(": {why}"))])
            .collect();
        if points.is_empty() {
            points.push(vec![plain("a file of rules cannot be read")]);
        }
        document.heading(2, "Incomplete");
        document.paragraph(vec![plain("Rules failed; what they speak to is shown as open, never as a gap.")]);
        document.list(points);
    }
    document.blank();
    if let Some(command) = &options.command {
        document.paragraph(vec![span(Style::Dim, "Again with: "), span(Style::Code, command)]);
    }
    counts(document, evaluation, options.reveal);
}

#[cfg(test)]
mod tests {
    use super::super::sample::{bare, sample};
    use super::*;

    const ONE: &str = "[[case]]\nid = \"raid\"\nthreat = \"piracy\"\naffected = [\"XAA\"]\n";
    const TWO: &str = "[[case]]\nid = \"raid\"\nthreat = \"piracy\"\naffected = [\"XAA\", \"XBB\"]\n";

    fn shown(cases: &str, options: &PageOptions) -> String {
        bare(&page(&sample(cases).1.evaluation, options), 100)
    }

    #[test]
    fn one_state_shows_its_nearest_line() {
        let text =
            shown(ONE, &PageOptions { command: Some("mandatum evaluate raid".to_owned()), ..PageOptions::default() });
        for part in [
            "inform (assumed)     ● one holder  ● one holder  not recorded  LEAGUE",
            "interdict (assumed)  ○ gap         ○ gap         not recorded  no text",
            "On paper   ○ 1 gap,",
            "Gaps",
            "Again with: mandatum evaluate raid",
            "not what would work",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert!(!text.contains("The crew paid"), "what happened stays hidden");
    }

    #[test]
    fn several_states_stand_side_by_side() {
        let text = shown(TWO, &PageOptions::default());
        assert!(text.contains("need       judged     XAA           XBB    used"), "{text}");
        assert!(text.contains("inform     on paper   ● one holder  ○ gap  not recorded"), "{text}");
        assert!(text.contains("(assumed)  available  ● one holder  ○ gap"), "{text}");
    }

    #[test]
    fn accounts_stand_side_by_side_unless_they_agree() {
        let account = |id: &str, rest: &str| format!("[[case.account]]\nid = \"{id}\"\nname = \"the {id}\"\n{rest}\n");
        let equal = format!("{ONE}{}{}", account("crew", "text = \"a\""), account("port", "text = \"b\""));
        let text = shown(&equal, &PageOptions::default());
        assert!(text.contains("All accounts: what comes out is the same"), "{text}");
        let apart = format!("{ONE}{}{}", account("crew", ""), account("port", "needs = [\"inform\"]"));
        let text = shown(&apart, &PageOptions::default());
        assert!(
            text.contains("They differ on inform, interdict") || text.contains("They differ on interdict"),
            "{text}"
        );
        assert!(text.contains("crew") && text.contains("port") && text.contains("not needed"), "{text}");
    }

    #[test]
    fn a_revealed_column_hides_the_others() {
        let paper = shown(ONE, &PageOptions { reveal: Some(Column::Paper), ..PageOptions::default() });
        assert!(paper.contains("on paper") && !paper.contains("available") && !paper.contains("Available"), "{paper}");
        let used = shown(ONE, &PageOptions { reveal: Some(Column::Used), ..PageOptions::default() });
        assert!(used.contains("not recorded") && !used.contains("gap") && !used.contains("one holder"), "{used}");
        let told = shown(ONE, &PageOptions { reveal_what_happened: true, ..PageOptions::default() });
        assert!(told.contains("The crew paid."), "{told}");
    }

    #[test]
    fn every_width_is_kept() {
        for width in [40, 72, 100] {
            let text = bare(&page(&sample(TWO).1.evaluation, &PageOptions::default()), width);
            assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
        }
    }
}
