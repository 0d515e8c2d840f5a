//! What papers say and what was assumed: flags, theses, recommendations, judgements, numbers, sources.

use std::collections::BTreeSet;

use super::document::{Document, Line, Style, clip, listed, plain, span, together};
use super::sections::{SENTENCE, bracket, cut, standing, where_said};
use crate::answer::report::{Assessment, Evaluation, Finding, FindingKind, RivalArgument, Rivalry};
use crate::argument::Label;

/// Rivalries, and positions of one, that a page shows.
const RIVALRIES: usize = 12;

/// What papers flag, conclude and recommend.
pub(super) fn papers(document: &mut Document, evaluation: &Evaluation) {
    let each = evaluation.findings.iter().filter(|finding| is_flag(finding)).map(|flag| {
        // The same said of several states, or under several accounts, is one flag.
        let key = Finding { id: String::new(), account: None, states: Vec::new(), ..flag.clone() };
        ((key, flag.account.as_deref().unwrap_or_default()), flag.states.clone())
    });
    let by_state = together(each).into_iter().map(|((flag, account), states)| ((flag, states.concat()), account));
    let points = together(by_state).into_iter().map(|((flag, states), accounts)| {
        let kind = if flag.finding == FindingKind::FlaggedGap { "gap" } else { "overlap" };
        let mut line = Line::new();
        line.extend(where_said(evaluation, &flag.case, &accounts.into_iter().collect()).map(plain));
        line.push(span(Style::Strong, format!("{kind} in {}", flag.function)));
        let states: Vec<String> = states.into_iter().filter(|state| !state.is_empty()).collect();
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
        let own = |label: Label| {
            let here = |thesis: &&Assessment| thesis.recommendation == recommendation && thesis.label == label;
            cut(evaluation.assessments.iter().filter(here).map(|thesis| self::thesis(evaluation, thesis)).collect())
        };
        // What is in dispute comes first; each standing is cut by itself, so that none is hidden by another.
        let points = [Label::Undecided, Label::Accepted, Label::Rejected].into_iter().flat_map(own);
        document.section(title, points.collect());
    }
}

/// Where nothing decides between arguments: the positions that one may take.
pub(super) fn rivalries(document: &mut Document, evaluation: &Evaluation) {
    let Some(rivalries) = &evaluation.rivalries else { return };
    document.heading(2, "Positions that can be held together");
    let known: BTreeSet<&str> =
        rivalries.iter().flat_map(|rivalry| &rivalry.arguments).map(|own| own.id.as_str()).collect();
    let undecided = evaluation.arguments.iter().filter(|own| own.label == Label::Undecided);
    let left_out = undecided.filter(|own| !known.contains(own.id.as_str())).count();
    let rest = match left_out {
        0 => String::new(),
        1 => " One more argument is undecided because facts are missing.".to_owned(),
        _ => format!(" {left_out} more arguments are undecided because facts are missing."),
    };
    if rivalries.is_empty() {
        let text = "Among the arguments that hang on no missing fact nothing is in dispute.";
        document.paragraph(vec![plain(format!("{text}{rest}"))]);
        return;
    }
    document.paragraph(vec![plain(format!(
        "Where nothing decides, each numbered position can be held as a whole: it answers every attack on it, and nothing can be added to it.{rest}"
    ))]);
    // The same knot in several places is told once.
    let told = rivalries.iter().map(|rivalry| {
        let at: Vec<&str> = rivalry.arguments.iter().filter_map(|own| own.id.split('@').nth(1)).collect();
        ((positions(evaluation, rivalry), rivalry.account.clone()), at)
    });
    let mut knots = together(told);
    let more = knots.len().saturating_sub(RIVALRIES);
    knots.truncate(RIVALRIES);
    for ((points, account), places) in knots {
        let places: BTreeSet<&str> = places.into_iter().flatten().collect();
        let places = listed(&places.into_iter().collect::<Vec<&str>>(), 4);
        let account = account.map(|account| format!(", account {account}")).unwrap_or_default();
        document.paragraph(vec![span(Style::Strong, format!("{places}{account}"))]);
        document.list(points);
    }
    if more > 0 {
        document.paragraph(vec![plain(format!("and {more} more knots (--format json)"))]);
    }
}

/// The positions of one knot, in words.
fn positions(evaluation: &Evaluation, rivalry: &Rivalry) -> Vec<Line> {
    let say = |arguments: &[&RivalArgument]| {
        let texts = arguments.iter().map(|own| {
            let thesis = own.position.rsplit(' ').next().unwrap_or_default();
            let thesis = evaluation.assessments.iter().find(|known| known.id == thesis);
            let text = match thesis {
                Some(thesis) if own.position.starts_with("denies") => format!("it is denied that: {}", thesis.text),
                Some(thesis) => thesis.text.clone(),
                None => own.position.clone(),
            };
            (format!("{} [{}]", clip(&text, SENTENCE), own.source.as_deref().unwrap_or("the text")), ())
        });
        let texts: Vec<String> = together(texts).into_iter().map(|(text, _)| text).collect();
        listed(&texts, 5)
    };
    let mut points: Vec<Line> = Vec::new();
    for (index, position) in rivalry.positions.iter().take(RIVALRIES).enumerate() {
        let own: Vec<&RivalArgument> = position.iter().filter(|own| !rivalry.shared.contains(own)).collect();
        if !own.is_empty() {
            points.push(vec![span(Style::Contested, format!("{}: ", index + 1)), plain(say(&own))]);
        }
    }
    let shared: Vec<&RivalArgument> = rivalry.shared.iter().collect();
    if !shared.is_empty() {
        points.push(vec![span(Style::Strong, "in each: "), plain(say(&shared))]);
    }
    if points.is_empty() && rivalry.complete {
        points.push(vec![plain("none: the arguments attack one another in a circle, or build on what is undecided")]);
    }
    if !rivalry.complete {
        points.push(vec![span(Style::Dim, "the search was cut short: there may be others")]);
    }
    points
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
        line.push(span(Style::Dim, format!(" ({})", hedge.phrase())));
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
        vec![
            plain(format!("{}: ", clip(&fact.fact, SENTENCE))),
            span(Style::Strong, number),
            plain(format!(", assumed by {by}")),
        ]
    });
    document.section("Uncertain facts", cut(uncertain.collect()));
    let what_ifs = evaluation.what_ifs.iter().map(|what_if| {
        let changes = what_if.changes.join("; ");
        vec![
            span(Style::Code, &what_if.id),
            plain(format!(": {}", what_if.text)),
            span(Style::Dim, format!(" ({})", clip(&changes, 120))),
        ]
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
        vec![
            span(Style::Strong, format!("{kind}, {}", sources.len())),
            plain(": "),
            span(Style::Source, listed(&texts, 24)),
        ]
    });
    document.section("Sources", points.collect());
}
