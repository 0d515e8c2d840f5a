//! What stands below the matrix: findings, responses, states, papers, assumptions and sources.
//!
//! Every list is cut: a page is for reading, the JSON output is whole.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Document, Line, Style, clip, listed, plain, span};
use super::matrix::step_where;
use super::page::Column;
use crate::answer::report::{
    Assessment, Evaluation, Finding, FindingKind, HolderResult, Judged, OverlapResult, ResponseResult, StepKind, Verdict,
};
use crate::argument::Label;
use crate::world::{Level, Step};

/// Points of a list, at most.
const MOST: usize = 8;

/// Letters of a sentence, at most.
const SENTENCE: usize = 260;

/// Gaps, overlaps, contested and open points; responses against a text and duties broken.
pub(super) fn findings(document: &mut Document, evaluation: &Evaluation, reveal: Option<Column>) {
    for (title, kind, style) in [
        ("Gaps", FindingKind::Gap, Style::Gap),
        ("Overlaps", FindingKind::Overlap, Style::Overlap),
        ("Contested", FindingKind::Contested, Style::Contested),
        ("Open", FindingKind::Open, Style::Open),
    ] {
        let points = cell_findings(evaluation, kind, style, reveal);
        let mut points = cut(points);
        if kind == FindingKind::Overlap && reveal != Some(Column::Used) {
            points.extend(cut(pairs(evaluation, reveal)));
        }
        document.section(title, points);
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
    let found: Vec<&Finding> = evaluation.findings.iter().filter(|finding| finding.finding == kind).filter(belongs).collect();
    let mut points: Vec<(String, &Finding, BTreeSet<&str>)> = Vec::new();
    for finding in &found {
        let twin = |other: &&&Finding| {
            other.id == finding.id
                && other.account == finding.account
                && other.states == finding.states
                && other.holders == finding.holders
                && other.judged == Some(Judged::Available)
        };
        let mut text = finding.text.clone();
        // Where nothing changes between paper and the day, one sentence says both.
        if kind == FindingKind::Overlap && reveal.is_none() {
            if finding.judged == Some(Judged::OnPaper) && found.iter().any(|other| twin(&other)) {
                text = text.replacen(", on paper: several are competent", ": several are competent and available", 1);
            } else if finding.judged == Some(Judged::Available)
                && found.iter().any(|other| other.judged == Some(Judged::OnPaper) && twin(&finding) && other.id == finding.id
                    && other.account == finding.account && other.states == finding.states && other.holders == finding.holders)
            {
                continue;
            }
        }
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

/// The case, where there are several, and the accounts, where some say otherwise.
fn where_said(evaluation: &Evaluation, case: &str, accounts: &BTreeSet<&str>) -> Option<String> {
    let cases: BTreeSet<&str> = evaluation.cases.iter().map(|own| own.id.as_str()).collect();
    let every: BTreeSet<&str> =
        evaluation.cases.iter().filter(|own| own.id == case).map(|own| own.account.as_deref().unwrap_or_default()).collect();
    let mut parts = Vec::new();
    if cases.len() > 1 {
        parts.push(case.to_owned());
    }
    let named: Vec<&str> = accounts.iter().copied().filter(|account| !account.is_empty()).collect();
    if every.len() > 1 && !named.is_empty() {
        parts.push(if named.len() == every.len() { "all accounts".to_owned() } else { format!("account {}", named.join(", ")) });
    }
    (!parts.is_empty()).then(|| format!("{}: ", parts.join(", ")))
}

fn standing(label: Option<Label>) -> Option<super::document::Span> {
    match label {
        Some(Label::Undecided) => Some(span(Style::Contested, " (undecided)")),
        Some(Label::Rejected) => Some(span(Style::Dim, " (rejected)")),
        Some(Label::Accepted) | None => None,
    }
}

fn bracket<T: AsRef<str>>(sources: &[T]) -> super::document::Span {
    if sources.is_empty() {
        return plain("");
    }
    span(Style::Source, format!(" [{}]", listed(sources, 3)))
}

fn cut(mut points: Vec<Line>) -> Vec<Line> {
    if points.len() > MOST {
        let more = points.len() - MOST;
        points.truncate(MOST);
        points.push(vec![span(Style::Dim, format!("and {more} more (--format json)"))]);
    }
    points
}

/// Two lines in one cell, with how rules judge it; equal results of several states are said once.
fn pairs(evaluation: &Evaluation, reveal: Option<Column>) -> Vec<Line> {
    let mut said: Vec<(Line, BTreeSet<&str>, BTreeSet<&str>, &OverlapResult)> = Vec::new();
    for overlap in &evaluation.overlaps {
        let mut rest = vec![plain(": ")];
        let ties = match (overlap.linked, overlap.zoned) {
            (true, true) => "linked, with an agreed division of tasks",
            (true, false) => "linked, no agreed division of tasks",
            (false, true) => "an agreed division of tasks",
            (false, false) => "no link, no agreed division of tasks",
        };
        rest.push(plain(ties));
        if reveal != Some(Column::Paper) {
            let forums = if overlap.forums.is_empty() { "neither".to_owned() } else { overlap.forums.join(", ") };
            rest.push(plain(format!("; could be addressed: {forums}")));
        }
        rest.push(plain(format!("; in both: {}", members(&overlap.shared_members))));
        verdicts(&mut rest, &overlap.verdicts, "; ");
        let account = overlap.account.as_deref().unwrap_or_default();
        let known = said.iter_mut().find(|(line, _, _, other)| {
            *line == rest && other.case == overlap.case && other.function == overlap.function && other.lines == overlap.lines
        });
        match known {
            Some((_, states, accounts, _)) => {
                states.insert(&overlap.state);
                accounts.insert(account);
            }
            None => said.push((rest, BTreeSet::from([overlap.state.as_str()]), BTreeSet::from([account]), overlap)),
        }
    }
    said.into_iter()
        .map(|(rest, states, accounts, overlap)| {
            let mut line = Line::new();
            line.extend(where_said(evaluation, &overlap.case, &accounts).map(plain));
            line.push(span(Style::Strong, overlap.lines.join(" + ")));
            let states: Vec<&str> = states.into_iter().collect();
            line.push(plain(format!(", {} for {}", overlap.function, states.join(", "))));
            line.extend(rest);
            line
        })
        .collect()
}

fn members(shared: &[String]) -> String {
    match shared.len() {
        0 => "nobody".to_owned(),
        1..=5 => shared.join(", "),
        many => format!("{many} states"),
    }
}

/// Verdicts that stand or are undecided; rejected ones are only counted.
fn verdicts(line: &mut Line, verdicts: &[Verdict], before: &str) {
    let (rejected, standing): (Vec<&Verdict>, Vec<&Verdict>) = verdicts.iter().partition(|verdict| verdict.label == Label::Rejected);
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
        if response.verdicts.is_empty() {
            line.push(span(Style::Dim, " (no verdict)"));
        }
        verdicts(&mut line, &response.verdicts, " → ");
        line
    });
    document.section("Responses", cut(points.collect()));
}

/// What states, and two states by treaty, could do: one line per need.
pub(super) fn states(document: &mut Document, evaluation: &Evaluation, reveal: Option<Column>) {
    let paper = reveal == Some(Column::Paper);
    let mut said: Vec<(String, &str, &str, BTreeSet<&str>, BTreeSet<&str>)> = Vec::new();
    for case in &evaluation.cases {
        for need in &case.needs {
            for state in &need.states {
                let rows: Vec<String> = state
                    .holders
                    .iter()
                    .filter(|holder| matches!(holder.level, Level::National | Level::Bilateral))
                    .map(|holder| row(holder, paper))
                    .collect();
                if rows.is_empty() {
                    continue;
                }
                let text = if rows.len() > 6 { format!("{}; and {} more", rows.iter().take(6).cloned().collect::<Vec<_>>().join("; "), rows.len() - 6) } else { rows.join("; ") };
                let account = case.account.as_deref().unwrap_or_default();
                match said.iter_mut().find(|(own, of, function, ..)| *own == text && *of == case.id && *function == need.function) {
                    Some((.., states, accounts)) => {
                        states.insert(&state.state);
                        accounts.insert(account);
                    }
                    None => said.push((
                        text,
                        &case.id,
                        &need.function,
                        BTreeSet::from([state.state.as_str()]),
                        BTreeSet::from([account]),
                    )),
                }
            }
        }
    }
    let points: Vec<Line> = said
        .into_iter()
        .map(|(text, case, function, states, accounts)| {
            let mut line = Line::new();
            line.extend(where_said(evaluation, case, &accounts).map(plain));
            line.push(span(Style::Strong, function));
            let several = evaluation.cases.iter().any(|own| own.id == case && own.affected.len() > 1);
            let states: Vec<&str> = states.into_iter().collect();
            line.push(plain(if several { format!(" for {}: {text}", states.join(", ")) } else { format!(": {text}") }));
            line
        })
        .collect();
    let title = if paper { "States and bilateral treaties, on paper" } else { "States and bilateral treaties" };
    document.section(title, points);
}

fn row(holder: &HolderResult, paper: bool) -> String {
    let (result, range) = if paper { (holder.on_paper, Step::ON_PAPER) } else { (holder.available, Step::ALL) };
    let at = |kind: StepKind| step_where(holder, range, kind).map(|step| step.to_string()).unwrap_or_default();
    match result {
        StepKind::Passes => format!("{} passes", holder.holder),
        StepKind::Stops => format!("{} stops at {}", holder.holder, at(StepKind::Stops)),
        StepKind::Contested => format!("{} contested at {}", holder.holder, at(StepKind::Contested)),
        StepKind::Open => format!("{} open at {}", holder.holder, at(StepKind::Open)),
    }
}

/// What papers flag, conclude and recommend.
pub(super) fn papers(document: &mut Document, evaluation: &Evaluation) {
    let mut flags: Vec<(&Finding, BTreeSet<&str>, BTreeSet<&str>)> = Vec::new();
    for flag in evaluation.findings.iter().filter(|finding| is_flag(finding)) {
        let account = flag.account.as_deref().unwrap_or_default();
        let known = flags.iter_mut().find(|(other, ..)| {
            (&other.rules, &other.function, &other.text, other.label, other.borne_out, &other.case)
                == (&flag.rules, &flag.function, &flag.text, flag.label, flag.borne_out, &flag.case)
        });
        match known {
            Some((_, states, accounts)) => {
                states.extend(flag.states.iter().map(String::as_str));
                accounts.insert(account);
            }
            None => flags.push((flag, flag.states.iter().map(String::as_str).collect(), BTreeSet::from([account]))),
        }
    }
    let points = flags.into_iter().map(|(flag, states, accounts)| {
        let kind = if flag.finding == FindingKind::FlaggedGap { "gap" } else { "overlap" };
        let mut line = Line::new();
        line.extend(where_said(evaluation, &flag.case, &accounts).map(plain));
        line.push(span(Style::Strong, format!("{kind} in {}", flag.function)));
        let states: Vec<&str> = states.into_iter().filter(|state| !state.is_empty()).collect();
        if !states.is_empty() {
            line.push(plain(format!(" for {}", states.join(", "))));
        }
        line.push(plain(format!(": {}", clip(&flag.text, 160))));
        line.push(bracket(&flag.sources));
        line.push(match flag.borne_out {
            Some(true) => span(Style::Good, " borne out by the computation"),
            Some(false) => span(Style::Contested, " not borne out by the computation"),
            None => span(Style::Dim, " not computed: no such need here"),
        });
        line.extend(standing(flag.label));
        line
    });
    document.section("What papers flag", cut(points.collect()));
    for (title, recommendation) in [("What papers conclude", false), ("What papers recommend", true)] {
        let own: Vec<&Assessment> =
            evaluation.assessments.iter().filter(|assessment| assessment.recommendation == recommendation).collect();
        let points = own.into_iter().map(|assessment| thesis(evaluation, assessment));
        document.section(title, cut(points.collect()));
    }
}

fn is_flag(finding: &Finding) -> bool {
    matches!(finding.finding, FindingKind::FlaggedGap | FindingKind::FlaggedOverlap)
}

fn thesis(evaluation: &Evaluation, assessment: &Assessment) -> Line {
    let style = match assessment.label {
        Label::Accepted => Style::Good,
        Label::Rejected => Style::Gap,
        Label::Undecided => Style::Contested,
    };
    let mut line = vec![span(style, assessment.label.as_str())];
    if let Some(account) = assessment.account.as_deref().filter(|_| evaluation.cases.len() > 1) {
        line.push(plain(format!(" (account {account})")));
    }
    line.push(plain(format!(": {}", clip(&assessment.text, SENTENCE))));
    if let Some(hedge) = assessment.hedge {
        line.push(span(Style::Dim, format!(" (hedge: {hedge})")));
    }
    match &assessment.source {
        Some(source) => line.push(bracket(&[source])),
        None => line.push(bracket(&assessment.supported_by)),
    }
    if !assessment.opposed_by.is_empty() {
        line.push(plain(format!(" against: {}", listed(&assessment.opposed_by, 3))));
    }
    line
}

/// Judgements that nobody made, numbers that somebody assumed, what-ifs to try.
pub(super) fn assumptions(document: &mut Document, evaluation: &Evaluation) {
    let silent = evaluation.needs_judgement.iter().map(|(judgement, rules)| {
        vec![span(Style::Code, judgement), plain(format!(": silences {}", listed(rules, 3)))]
    });
    document.section("Needs a judgement", cut(silent.collect()));
    let uncertain = evaluation.uncertain.iter().map(|fact| {
        let number = match (fact.probability, &fact.distribution) {
            (Some(probability), _) => format!("{probability}"),
            (None, Some(distribution)) => distribution.clone(),
            (None, None) => "no number".to_owned(),
        };
        let by = fact.author.strip_suffix(", assumed").unwrap_or(&fact.author);
        vec![plain(format!("{}: ", clip(&fact.fact, SENTENCE))), span(Style::Strong, number), plain(format!(", assumed by {by}"))]
    });
    document.section("Uncertain facts", cut(uncertain.collect()));
    let what_ifs = evaluation.what_ifs.iter().map(|what_if| {
        let changes = what_if.changes.join("; ");
        vec![span(Style::Code, &what_if.id), plain(format!(": {}", what_if.text)), span(Style::Dim, format!(" ({})", clip(&changes, 120)))]
    });
    document.section("What if", cut(what_ifs.collect()));
}

/// Sources by kind.
pub(super) fn sources(document: &mut Document, evaluation: &Evaluation) {
    let by_kind: &BTreeMap<_, _> = &evaluation.sources;
    let points = by_kind.iter().map(|(kind, sources)| {
        let texts: Vec<String> = sources.iter().map(|source| format!("{} ({})", source.key, clip(&source.text, 60))).collect();
        vec![span(Style::Strong, format!("{kind}, {}", sources.len())), plain(": "), span(Style::Source, listed(&texts, 6))]
    });
    document.section("Sources", points.collect());
}
