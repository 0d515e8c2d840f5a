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
use crate::world::{Hedge, Level, Step};

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

/// Two lines in one cell, with how rules judge it; pairs, states and accounts of which the same is said stand together.
fn pairs(evaluation: &Evaluation, reveal: Option<Column>) -> Vec<Line> {
    let mut said: Vec<(Line, &OverlapResult, BTreeSet<String>, BTreeSet<&str>, BTreeSet<&str>)> = Vec::new();
    for overlap in &evaluation.overlaps {
        let rest = tie(overlap, reveal);
        let pair = overlap.lines.join(" + ");
        let account = overlap.account.as_deref().unwrap_or_default();
        let known = said
            .iter_mut()
            .find(|(line, other, ..)| *line == rest && other.case == overlap.case && other.function == overlap.function);
        match known {
            Some((_, _, pairs, states, accounts)) => {
                pairs.insert(pair);
                states.insert(&overlap.state);
                accounts.insert(account);
            }
            None => said.push((
                rest,
                overlap,
                BTreeSet::from([pair]),
                BTreeSet::from([overlap.state.as_str()]),
                BTreeSet::from([account]),
            )),
        }
    }
    said.into_iter()
        .map(|(rest, overlap, pairs, states, accounts)| {
            let mut line = Line::new();
            line.extend(where_said(evaluation, &overlap.case, &accounts).map(plain));
            let pairs: Vec<String> = pairs.into_iter().collect();
            line.push(span(Style::Strong, listed(&pairs, 6)));
            let states: Vec<&str> = states.into_iter().collect();
            line.push(plain(format!(", {} for {}: ", overlap.function, listed(&states, 6))));
            line.extend(rest);
            line
        })
        .collect()
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

/// What states, and two states by treaty, could do: one line per need, needs of which the same is said together.
pub(super) fn states(document: &mut Document, evaluation: &Evaluation, reveal: Option<Column>) {
    let paper = reveal == Some(Column::Paper);
    // Per case, state and text: the functions and the accounts.
    let mut said: Vec<((&str, &str, String), Vec<&str>, BTreeSet<&str>)> = Vec::new();
    for case in &evaluation.cases {
        let account = case.account.as_deref().unwrap_or_default();
        for need in &case.needs {
            for state in &need.states {
                let key = (case.id.as_str(), state.state.as_str(), rows(&state.holders, paper));
                if key.2.is_empty() {
                    continue;
                }
                match said.iter_mut().find(|(own, functions, accounts)| {
                    *own == key && (functions.contains(&need.function.as_str()) || accounts.contains(account))
                }) {
                    Some((_, functions, accounts)) => {
                        if !functions.contains(&need.function.as_str()) {
                            functions.push(&need.function);
                        }
                        accounts.insert(account);
                    }
                    None => said.push((key, vec![&need.function], BTreeSet::from([account]))),
                }
            }
        }
    }
    let points = said.into_iter().map(|((case, state, text), functions, accounts)| {
        let mut line = Line::new();
        line.extend(where_said(evaluation, case, &accounts).map(plain));
        line.push(span(Style::Strong, functions.join(", ")));
        let several = evaluation.cases.iter().any(|own| own.id == case && own.affected.len() > 1);
        line.push(plain(if several { format!(" for {state}: {text}") } else { format!(": {text}") }));
        line
    });
    let title = if paper { "States and bilateral treaties, on paper" } else { "States and bilateral treaties" };
    document.section(title, points.collect());
}

/// `KGZ passes; RUS-KGZ-BASE, RUS-TJK-BASE stop at competence`: who passes first, those who stop at one step together.
fn rows(holders: &[HolderResult], paper: bool) -> String {
    let range = if paper { Step::ON_PAPER } else { Step::ALL };
    let mut groups: BTreeMap<(StepKind, Option<Step>), Vec<&str>> = BTreeMap::new();
    for holder in holders.iter().filter(|holder| matches!(holder.level, Level::National | Level::Bilateral)) {
        let result = if paper { holder.on_paper } else { holder.available };
        let step = step_where(holder, range, result).filter(|_| result != StepKind::Passes);
        groups.entry((result, step)).or_default().push(&holder.holder);
    }
    // What hangs in the balance comes before what stops.
    let rank = |kind: StepKind| match kind {
        StepKind::Passes => 0,
        StepKind::Open => 1,
        StepKind::Contested => 2,
        StepKind::Stops => 3,
    };
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|((kind, step), _)| (rank(*kind), std::cmp::Reverse(*step)));
    let said = groups.into_iter().map(|((kind, step), holders)| {
        let one = holders.len() == 1;
        let verb = match (kind, one) {
            (StepKind::Passes, true) => "passes",
            (StepKind::Passes, false) => "pass",
            (StepKind::Stops, true) => "stops at",
            (StepKind::Stops, false) => "stop at",
            (StepKind::Contested, _) => "contested at",
            (StepKind::Open, _) => "open at",
        };
        let step = step.map(|step| format!(" {step}")).unwrap_or_default();
        format!("{} {verb}{step}", listed(&holders, 4))
    });
    said.collect::<Vec<_>>().join("; ")
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
        line.extend(standing(flag.label));
        line.push(match flag.borne_out {
            Some(true) => span(Style::Good, " – the computation bears it out"),
            Some(false) => span(Style::Contested, " – the computation does not bear it out"),
            None => span(Style::Dim, " – not computed: no such need here"),
        });
        line
    });
    document.section("What papers flag", cut(points.collect()));
    for (title, recommendation) in [("What papers conclude", false), ("What papers recommend", true)] {
        let mut own: Vec<&Assessment> =
            evaluation.assessments.iter().filter(|assessment| assessment.recommendation == recommendation).collect();
        own.sort_by_key(|assessment| match assessment.label {
            Label::Accepted => 0,
            Label::Undecided => 1,
            Label::Rejected => 2,
        });
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
        let said = match hedge {
            Hedge::Only => "said as exclusive",
            Hedge::Flat => "said flatly",
            Hedge::Hedged => "said with caution",
            Hedge::Attributed => "attributed to others",
            Hedge::Hope => "voiced as a hope",
        };
        line.push(span(Style::Dim, format!(" ({said})")));
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

/// Sources by kind: papers by author and year, the rest by their keys, which say what they are.
pub(super) fn sources(document: &mut Document, evaluation: &Evaluation) {
    let points = evaluation.sources.iter().map(|(kind, sources)| {
        let texts: Vec<String> = sources
            .iter()
            .map(|source| match source.text.split_once(": ") {
                Some((author, _)) if kind == "paper" => format!("{} ({})", source.key, clip(author, 60)),
                _ => source.key.clone(),
            })
            .collect();
        vec![span(Style::Strong, format!("{kind}, {}", sources.len())), plain(": "), span(Style::Source, listed(&texts, 24))]
    });
    document.section("Sources", points.collect());
}
