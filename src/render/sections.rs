//! What stands right below the matrix: findings, how overlaps are judged, responses.
//!
//! Every list is cut: a page is for reading, the JSON output is whole.

use std::collections::BTreeSet;

use super::cells::Column;
use super::document::{Document, Line, Span, Style, clip, listed, plain, span, together};
use crate::answer::report::{Evaluation, Finding, FindingKind, Judged, OverlapResult, ResponseResult, Verdict};
use crate::argument::Label;

/// Points of a list, at most.
const MOST: usize = 8;

/// Letters of a sentence, at most.
pub(super) const SENTENCE: usize = 260;

/// Gaps, overlaps, contested and open points; responses against a text and duties broken.
pub(super) fn findings(document: &mut Document, evaluation: &Evaluation, reveal: Option<Column>) {
    for (title, kind, style) in [
        ("Gaps", FindingKind::Gap, Style::Gap),
        ("Overlaps", FindingKind::Overlap, Style::Overlap),
        ("Contested", FindingKind::Contested, Style::Contested),
        ("Open", FindingKind::Open, Style::Open),
    ] {
        let points = cell_findings(evaluation, kind, style, reveal);
        document.section(title, cut(points));
        if kind == FindingKind::Overlap && reveal != Some(Column::Used) {
            document.section("How overlaps are judged", cut(pairs(evaluation, reveal)));
        }
    }
    if matches!(reveal, None | Some(Column::Used)) {
        for (title, kind) in [("Against the text", FindingKind::UltraVires), ("Duties broken", FindingKind::Breach)] {
            document.section(title, cut(cell_findings(evaluation, kind, Style::Gap, None)));
        }
    }
}

/// Findings of a kind, one sentence each; the same sentence of several accounts is said once.
fn cell_findings(evaluation: &Evaluation, kind: FindingKind, style: Style, reveal: Option<Column>) -> Vec<Line> {
    let belongs = |finding: &&Finding| match (reveal, finding.judged) {
        (None, _) => true,
        (Some(Column::Paper), judged) => judged == Some(Judged::OnPaper),
        // A gap on paper is one on the day too, and said once.
        (Some(Column::Available), judged) => judged == Some(Judged::Available) || kind == FindingKind::Gap,
        (Some(Column::Used), _) => false,
    };
    let found: Vec<&Finding> =
        evaluation.findings.iter().filter(|finding| finding.finding == kind).filter(belongs).collect();
    let mut points: Vec<(String, &Finding, BTreeSet<&str>)> = Vec::new();
    for finding in &found {
        // Where nothing changes between paper and the day, one sentence says both.
        let twin = found.iter().any(|other| same_on_the_day(finding, other));
        if found.iter().any(|other| same_on_the_day(other, finding)) {
            continue;
        }
        let text = match kind {
            FindingKind::Overlap if twin => {
                finding.text.replacen(", on paper: several are competent", ": several are competent and available", 1)
            }
            _ if twin => finding.text.replacen(", on paper: ", ", on paper and available: ", 1),
            _ => finding.text.clone(),
        };
        let account = finding.account.as_deref().unwrap_or_default();
        match points.iter_mut().find(|(said, other, _)| *said == text && other.case == finding.case) {
            Some((_, _, accounts)) => {
                accounts.insert(account);
            }
            None => points.push((text, finding, BTreeSet::from([account]))),
        }
    }
    points
        .into_iter()
        .map(|(text, finding, accounts)| {
            let mut line = Line::new();
            line.extend(where_said(evaluation, &finding.case, &accounts).map(plain));
            let (function, rest) = match text.strip_prefix(&finding.function) {
                Some(rest) => (finding.function.as_str(), rest),
                None => ("", text.as_str()),
            };
            line.push(span(style, function));
            line.push(plain(clip(rest, SENTENCE)));
            line.extend(standing(finding.label));
            line.push(bracket(&finding.sources));
            line
        })
        .collect()
}

/// Whether the second finding says of what is available what the first says of paper.
fn same_on_the_day(paper: &Finding, day: &Finding) -> bool {
    let same = (&paper.id, &paper.account, &paper.states, &paper.holders)
        == (&day.id, &day.account, &day.states, &day.holders);
    let told =
        paper.finding == FindingKind::Overlap || paper.text.replacen(", on paper: ", ", available: ", 1) == day.text;
    same && told && paper.judged == Some(Judged::OnPaper) && day.judged == Some(Judged::Available)
}

/// The case, where there are several, and the accounts, where some say otherwise.
pub(super) fn where_said(evaluation: &Evaluation, case: &str, accounts: &BTreeSet<&str>) -> Option<String> {
    let cases: BTreeSet<&str> = evaluation.cases.iter().map(|own| own.id.as_str()).collect();
    let every: BTreeSet<&str> = evaluation
        .cases
        .iter()
        .filter(|own| own.id == case)
        .map(|own| own.account.as_deref().unwrap_or_default())
        .collect();
    let mut parts = Vec::new();
    if cases.len() > 1 {
        parts.push(case.to_owned());
    }
    let named: Vec<&str> = accounts.iter().copied().filter(|account| !account.is_empty()).collect();
    if every.len() > 1 && !named.is_empty() {
        parts.push(if named.len() == every.len() {
            "all accounts".to_owned()
        } else {
            format!("account {}", named.join(", "))
        });
    }
    (!parts.is_empty()).then(|| format!("{}: ", parts.join(", ")))
}

/// The standing of what a rule says, unless it is simply accepted.
pub(super) fn standing(label: Option<Label>) -> Option<Span> {
    match label {
        Some(Label::Undecided) => Some(span(Style::Contested, " (undecided)")),
        Some(Label::Rejected) => Some(span(Style::Dim, " (rejected)")),
        Some(Label::Accepted) | None => None,
    }
}

/// The sources of a sentence, after it.
pub(super) fn bracket<T: AsRef<str>>(sources: &[T]) -> Span {
    if sources.is_empty() {
        return plain("");
    }
    span(Style::Source, format!(" [{}]", listed(sources, 3)))
}

/// The first points of a list, and how many more there are.
pub(super) fn cut(mut points: Vec<Line>) -> Vec<Line> {
    if points.len() > MOST {
        let more = points.len() - MOST;
        points.truncate(MOST);
        points.push(vec![span(Style::Dim, format!("and {more} more (--format json)"))]);
    }
    points
}

/// Two lines in one cell, with how rules judge it; states, accounts and pairs of which the same is said stand together.
fn pairs(evaluation: &Evaluation, reveal: Option<Column>) -> Vec<Line> {
    let each = evaluation.overlaps.iter().map(|overlap| {
        let cell = (overlap.case.as_str(), overlap.function.as_str(), tie(overlap, reveal));
        let account = overlap.account.as_deref().unwrap_or_default();
        ((cell, overlap.lines.join(" + "), account), overlap.state.as_str())
    });
    // One after the other, so that what is said of a group holds of everything in it.
    let by_pair = together(each).into_iter().map(|((cell, pair, account), states)| ((cell, pair, states), account));
    let by_account =
        together(by_pair).into_iter().map(|((cell, pair, states), accounts)| ((cell, states, accounts), pair));
    let said = together(by_account).into_iter().map(|(((case, function, tie), states, accounts), pairs)| {
        let mut line = Line::new();
        line.extend(where_said(evaluation, case, &accounts.into_iter().collect()).map(plain));
        line.push(span(Style::Strong, listed(&pairs, 6)));
        line.push(plain(format!(", {function} for {}: ", listed(&states, 6))));
        line.extend(tie);
        line
    });
    said.collect()
}

/// What ties the two together, whom the state could address, and the verdicts.
fn tie(overlap: &OverlapResult, reveal: Option<Column>) -> Line {
    let ties = match (overlap.linked, overlap.zoned) {
        (true, true) => "linked, tasks divided",
        (true, false) => "linked, no agreed division of tasks",
        (false, true) => "tasks divided",
        (false, false) => "no link, no agreed division of tasks",
    };
    let mut line = vec![plain(ties)];
    // Whom the state could address hangs on requests, which paper does not know.
    if reveal != Some(Column::Paper) {
        line.push(plain(match overlap.forums.as_slice() {
            [] => "; neither could be addressed".to_owned(),
            [only] => format!("; only {only} could be addressed"),
            _ => "; both could be addressed".to_owned(),
        }));
    }
    line.push(plain(match overlap.shared_members.as_slice() {
        [] => "; no state is in both".to_owned(),
        few @ ([_] | [_, _] | [_, _, _] | [_, _, _, _]) => format!("; in both: {}", few.join(", ")),
        many => format!("; {} states are in both", many.len()),
    }));
    for label in [Label::Accepted, Label::Undecided] {
        let own: Vec<&Verdict> = overlap.verdicts.iter().filter(|verdict| verdict.label == label).collect();
        if own.is_empty() {
            continue;
        }
        let words: BTreeSet<String> = own.iter().map(|verdict| verdict.verdict.replace('-', " ")).collect();
        let sources: BTreeSet<&str> = own.iter().map(|verdict| verdict.source.as_str()).collect();
        line.push(plain("; "));
        line.push(span(Style::Strong, words.into_iter().collect::<Vec<_>>().join(", ")));
        line.extend(standing(Some(label)));
        line.push(bracket(&sources.into_iter().collect::<Vec<_>>()));
    }
    line
}

/// Verdicts that stand or are undecided; rejected ones are only counted.
fn verdicts(line: &mut Line, verdicts: &[Verdict], before: &str) {
    let (rejected, standing): (Vec<&Verdict>, Vec<&Verdict>) =
        verdicts.iter().partition(|verdict| verdict.label == Label::Rejected);
    for verdict in standing {
        line.push(plain(before));
        line.push(span(Style::Strong, verdict.verdict.replace('-', " ")));
        line.extend(self::standing(Some(verdict.label)));
        line.push(plain(format!(", {}", clip(&verdict.why, 140))));
        line.push(bracket(&[&verdict.source]));
    }
    if !rejected.is_empty() {
        let words: Vec<&str> = rejected.iter().map(|verdict| verdict.verdict.as_str()).collect();
        line.push(span(Style::Dim, format!("{before}rejected: {}", listed(&words, 3))));
    }
}

/// What was done or is proposed, with the verdicts on it.
pub(super) fn responses(document: &mut Document, evaluation: &Evaluation) {
    let mut said: Vec<(&ResponseResult, &str, BTreeSet<&str>)> = Vec::new();
    for case in &evaluation.cases {
        let account = case.account.as_deref().unwrap_or_default();
        for response in &case.responses {
            match said.iter_mut().find(|(other, of, _)| *other == response && *of == case.id) {
                Some((_, _, accounts)) => {
                    accounts.insert(account);
                }
                None => said.push((response, &case.id, BTreeSet::from([account]))),
            }
        }
    }
    let points = said.into_iter().map(|(response, case, accounts)| {
        let mut line = Line::new();
        line.extend(where_said(evaluation, case, &accounts).map(plain));
        line.push(span(Style::Strong, format!("{}, {}", response.institution, response.function)));
        let declined = if response.declined { " declined" } else { "" };
        let proposed = response.proposed_by.as_ref().map(|by| format!(" (proposed: {by})")).unwrap_or_default();
        line.push(plain(format!("{declined}{proposed}")));
        if let Some(text) = &response.text {
            line.push(plain(format!(": {}", clip(text.trim(), 160))));
        }
        if let Some(source) = &response.source {
            line.push(span(Style::Source, format!(" [{source}]")));
        }
        if response.verdicts.is_empty() {
            line.push(span(Style::Dim, " (no verdict)"));
        }
        verdicts(&mut line, &response.verdicts, " → ");
        line
    });
    document.section("Responses", cut(points.collect()));
}
