//! The page of two versions side by side: mandates that became wider or narrower with the cases that show it, rules that
//! speak otherwise, and what only one version declares.

use super::document::{Document, Line, Style, Table, cell, clip, count, listed, plain, span};
use crate::revision::{
    Diff, MandateChange, Only, Region, Relation, RuleChange, RuleKind, Side, Speech, Stand, Witness,
};

/// Regions of one mandate that are shown before the rest is counted.
const SHOWN: usize = 6;

/// Answers to a rule's questions that are shown.
const ANSWERS: usize = 8;

/// The page. `names` are what to call the two sides, `again` the command that gives it, without `--witness`.
pub fn revision(found: &Diff, names: [&str; 2], again: &str) -> Document {
    let mut document = Document::default();
    document.heading(1, format!("{} → {}", names[0], names[1]));
    document.card(card(found, names));
    document.paragraph(vec![span(
        Style::Dim,
        "A mandate is every cell in which a line passes on paper: one threat, one affected state, one function, one day, \
         nothing else said of the case. What texts allow, not what would work.",
    )]);
    if found.changes.is_empty() {
        let mut line = vec![span(Style::Strong, "No mandate changed: ")];
        line.push(plain(format!("{} are equal in every cell.", count(found.mandates, "mandate"))));
        document.paragraph(line);
    }
    for relation in [Relation::Narrower, Relation::Incomparable, Relation::Wider] {
        let own: Vec<&MandateChange> = found.changes.iter().filter(|own| own.relation == relation).collect();
        if own.is_empty() {
            continue;
        }
        let (mark, style) = look(relation);
        document.heading(2, format!("{mark} {}: {}", title(relation), count(found.count(relation), "mandate")));
        for change in own {
            mandate(&mut document, found, change, style);
        }
    }
    rules(&mut document, found);
    document.section("Only in one version", found.only.iter().flat_map(only).collect());
    if let Some(witness) = found.changes.iter().flat_map(|own| &own.witnesses).next() {
        document.blank();
        document.paragraph(vec![
            span(Style::Dim, "A case to evaluate in both: "),
            span(Style::Code, format!("{again} --witness {}", witness.id)),
        ]);
    }
    document
}

/// The page of one witness alone.
pub fn witness(found: &Witness, names: [&str; 2]) -> Document {
    let mut document = Document::default();
    document.paragraph(case(found));
    document.list(sides(found, names));
    document
}

fn look(relation: Relation) -> (char, Style) {
    match relation {
        Relation::Equal => ('=', Style::Dim),
        Relation::Wider => ('+', Style::Good),
        Relation::Narrower => ('−', Style::Gap),
        Relation::Incomparable => ('±', Style::Contested),
    }
}

fn title(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "Equal",
        Relation::Wider => "Wider",
        Relation::Narrower => "Narrower",
        Relation::Incomparable => "Incomparable: wider here, narrower there",
    }
}

fn card(found: &Diff, names: [&str; 2]) -> Vec<(String, Line)> {
    let told = |side: &Side, name: &str| {
        let version = side.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
        let known = side.known_until.as_deref().map(|day| format!(", checked until {day}")).unwrap_or_default();
        let broken = if side.complete { "" } else { "; incomplete: rules failed" };
        format!("{name}: {}{version}{known}{broken}", side.pack)
    };
    let when = match (&found.from, &found.until) {
        (Some(from), Some(until)) if from == until => from.clone(),
        (from, until) => format!(
            "from {} to {}, {}",
            from.as_deref().unwrap_or("the beginning"),
            until.as_deref().unwrap_or("the last date that is read"),
            count(found.dates, "distinct date")
        ),
    };
    let [first, second] = &found.sides;
    let tally = |relation: Relation| format!("{} {}", found.count(relation), relation.as_str());
    let undecided = match found.equal_undecided {
        0 => String::new(),
        some => format!(" ({some} of them undecided somewhere)"),
    };
    let mandates = format!(
        "{}: {} equal{undecided}, {}, {}, {}",
        found.mandates,
        found.equal,
        tally(Relation::Wider),
        tally(Relation::Narrower),
        tally(Relation::Incomparable)
    );
    let of = |kind: RuleKind| found.rules.iter().filter(|own| own.kind == kind).count();
    let rules = format!(
        "{} same, {} changed, {} added, {} gone",
        found.same_rules,
        of(RuleKind::Changed),
        of(RuleKind::Added),
        of(RuleKind::Gone)
    );
    let space = format!(
        "{} × {} × {}, {} that judged {} and {}",
        count(found.threats.len(), "threat"),
        count(found.states.len(), "state"),
        count(found.functions.len(), "function"),
        count(first.evaluations + second.evaluations, "evaluation"),
        count(first.judged, "cell"),
        second.judged
    );
    let lens = if found.lenses.is_empty() { "none: the record".to_owned() } else { found.lenses.join(", ") };
    [
        ("First", told(first, names[0])),
        ("Second", told(second, names[1])),
        ("Day", when),
        ("Lens", lens),
        ("Looked at", space),
        ("Mandates", mandates),
        ("Rules", rules),
    ]
    .map(|(key, value)| (key.to_owned(), vec![plain(value)]))
    .into()
}

fn mandate(document: &mut Document, found: &Diff, change: &MandateChange, style: Style) {
    let against = if change.threats.len() == found.threats.len() {
        "every threat".to_owned()
    } else {
        listed(&change.threats, 8)
    };
    let mut line = vec![
        span(Style::Strong, &change.name),
        plain(format!(" against {against}: ")),
        span(style, change.relation.as_str()),
    ];
    if change.surely != change.possibly {
        let (surely, possibly) = (change.surely.as_str(), change.possibly.as_str());
        line.push(plain(format!(" (surely {surely}, possibly {possibly})")));
    }
    document.paragraph(line);
    let timed = found.from != found.until || found.from.is_none();
    let header = ["states", "functions", "when", "was", "is"];
    let keep = |index: usize| timed || index != 2;
    let rows = change.changes.iter().take(SHOWN).map(|own| {
        let cells = [
            some(&own.states, &found.states, "all states"),
            some(&own.functions, &found.functions, "all functions"),
            when(own),
            own.was.as_str().to_owned(),
            own.now.as_str().to_owned(),
        ];
        let kept = cells.into_iter().enumerate().filter(|(index, _)| keep(*index));
        kept.map(|(_, text)| cell(Style::Plain, text)).collect()
    });
    let rows = rows.collect();
    let header = header.into_iter().enumerate().filter(|(index, _)| keep(*index));
    let header = header.map(|(_, title)| cell(Style::Strong, title)).collect();
    document.table(Table { header, align: Vec::new(), rows });
    if change.changes.len() > SHOWN {
        let more = format!("… and {} more (all in --format json)", change.changes.len() - SHOWN);
        document.paragraph(vec![span(Style::Dim, more)]);
    }
    for witness in &change.witnesses {
        document.paragraph(case(witness));
        document.list(sides(witness, ["first", "second"]));
    }
}

fn case(witness: &Witness) -> Line {
    let Witness { threat, state, function, day, .. } = witness;
    vec![
        span(Style::Strong, "For example "),
        plain(format!("{function} against {threat} in {state} on {day} (")),
        span(Style::Code, &witness.id),
        plain(")"),
    ]
}

fn sides(witness: &Witness, names: [&str; 2]) -> Vec<Line> {
    [(&witness.was, names[0]), (&witness.now, names[1])].map(|(own, name)| stand(own, name)).into()
}

fn stand(own: &Stand, name: &str) -> Line {
    let who = own.holder.as_deref().map(|holder| format!("{holder} ")).unwrap_or_default();
    let mut line = vec![plain(format!("{name}: "))];
    match (own.step, own.result) {
        (Some(step), Some(result)) => {
            line.push(plain(format!("{who}{} at {step}: {}", result.as_str(), clip(&own.why, 240))))
        }
        _ if own.why.is_empty() => line.push(plain(format!("{who}{}", own.passes.as_str()))),
        _ => line.push(plain(&own.why)),
    }
    if !own.rules.is_empty() {
        line.push(span(Style::Source, format!(" (by {})", own.rules.join(", "))));
    } else if let Some(mandate) = &own.mandate {
        line.push(span(Style::Source, format!(" (mandate {mandate})")));
    }
    line
}

/// What a region holds of a dimension.
fn some(own: &[String], all: &[String], every: &str) -> String {
    if own.len() == all.len() && all.len() > 1 { every.to_owned() } else { listed(own, 6) }
}

fn when(own: &Region) -> String {
    match (&own.from, &own.until) {
        (Some(from), Some(until)) => format!("from {from} until {until}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("until {until}"),
        (None, None) => "throughout".to_owned(),
    }
}

fn rules(document: &mut Document, found: &Diff) {
    let (same, other): (Vec<&RuleChange>, Vec<&RuleChange>) =
        found.rules.iter().partition(|own| own.speech == Some(Speech::Equal));
    document.section("Rules", other.iter().map(|own| rule(own)).collect());
    let title = "Rules that were rewritten and say the same in every world";
    document.section(title, same.iter().map(|own| rule(own)).collect());
}

fn rule(own: &RuleChange) -> Line {
    let mut line = vec![span(Style::Code, &own.rule), plain(" ")];
    line.push(match (own.kind, own.speech) {
        (RuleKind::Added, _) => span(Style::Strong, "added"),
        (RuleKind::Gone, _) => span(Style::Strong, "gone"),
        (RuleKind::Changed, Some(speech)) => span(Style::Strong, speech.as_str()),
        (RuleKind::Changed, None) => span(Style::Strong, "changed"),
    });
    if own.was != own.now {
        let said = |says: &[String]| if says.is_empty() { "nothing".to_owned() } else { listed(says, 3) };
        let given = if own.given.is_empty() { "always".to_owned() } else { listed(&own.given, ANSWERS) };
        line.push(plain(format!(": where {given}, it said {}, and says {}", said(&own.was), said(&own.now))));
    }
    if !own.changed.is_empty() {
        line.push(span(Style::Dim, format!("; changed: {}", own.changed.join("; "))));
    }
    line.push(span(Style::Source, format!(" [{}] {}", own.source, own.place)));
    line
}

fn only(own: &Only) -> Vec<Line> {
    [("first", &own.first), ("second", &own.second)]
        .into_iter()
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(side, ids)| {
            vec![
                span(Style::Strong, count(ids.len(), noun(own.kind))),
                plain(format!(" only in the {side}: {}", listed(ids, 12))),
            ]
        })
        .collect()
}

fn noun(kind: &'static str) -> &'static str {
    if kind == "body" { "organisation or organ" } else { kind }
}
