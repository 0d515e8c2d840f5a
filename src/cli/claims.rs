//! `mandatum claims`: what a pack's papers claim, the rules that realise each claim, and where it shows.

use std::collections::{BTreeMap, BTreeSet};

use mandatum::diagnostic::suggestion;
use mandatum::register::{Ground, attacks_on, grounds, realised};
use mandatum::render::document::{Document, Line, Style, clip, listed, plain, span};
use mandatum::session::Session;
use mandatum::world::Id;
use mandatum::world::register::Claim;
use schemars::JsonSchema;
use serde::Serialize;

use super::Exit;
use super::files::{Opened, open_pack, place};
use super::output::{self, Format};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A claim; without it, all of them.
    id: Option<String>,
    /// The pack: a folder, or a shipped one.
    #[arg(long, default_value = "central-asia")]
    pack: String,
    /// Only the claims of this paper.
    #[arg(long, value_name = "KEY")]
    source: Option<String>,
    /// How to write it.
    #[arg(long, value_parser = output::formats(output::PAGE), default_value = "terminal")]
    format: Format,
}

/// A claim as it is printed.
#[derive(Serialize, JsonSchema)]
pub(super) struct Printed<'a> {
    /// Its id.
    id: &'a str,
    /// The paper.
    source: &'a str,
    /// Where in the paper.
    locator: &'a str,
    /// What kind of argument it is.
    kind: &'static str,
    /// How firmly the author speaks.
    hedge: &'static str,
    /// The gist.
    text: &'a str,
    /// What can be done with it: rule, judgement, context.
    r#use: &'static str,
    /// Why no rule realises it.
    reason: Option<&'a str>,
    /// The rules that realise it.
    rules: Vec<&'a str>,
    /// Where it shows: scenario, and place in it.
    shown: Vec<[&'a str; 2]>,
    /// For one claim, asked for by its id: its arguments where it shows, and what they stand on.
    grounds: Vec<Ground>,
    /// Claims that attack it.
    attacked_by: Vec<&'a str>,
    /// Claims that it attacks.
    attacks: Vec<&'a str>,
    /// Disagreements that it is part of.
    disagreements: Vec<&'a str>,
    /// Facts in two versions that it rests on.
    discrepancies: Vec<&'a str>,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Some(opened) = open_pack(&arguments.pack) else {
        return Exit::BadInput;
    };
    let session = &opened.session;
    let claims = &session.pack.register.claims;
    if claims.is_empty() {
        output::complain(&format!("error: the pack `{}` keeps no register: it has no [[claim]]\n", arguments.pack));
        return Exit::BadInput;
    }
    if let Some(id) = &arguments.id
        && !claims.contains_key(id)
    {
        let help = suggestion(id, claims.keys().map(String::as_str));
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        output::complain(&format!("error: the register of `{}` holds no claim `{id}`{help}\n", arguments.pack));
        return Exit::BadInput;
    }
    if let Some(key) = arguments.source.as_ref().filter(|key| claims.values().all(|claim| claim.source != **key)) {
        let papers: BTreeSet<&str> = claims.values().map(|claim| claim.source.as_str()).collect();
        let listed = format!("papers: {}", papers.iter().copied().collect::<Vec<&str>>().join(", "));
        let help = suggestion(key, papers).unwrap_or(listed);
        output::complain(&format!("error: no claim of the register is of a paper `{key}`; {help}\n"));
        return Exit::BadInput;
    }
    let wanted = claims.values().filter(|claim| {
        arguments.id.as_ref().is_none_or(|id| claim.id == *id)
            && arguments.source.as_ref().is_none_or(|key| claim.source == *key)
    });
    let rules = realised(session);
    let mut printed: Vec<Printed<'_>> = wanted.map(|claim| gather(claim, session, &rules)).collect();
    if let (Some(id), [only]) = (&arguments.id, printed.as_mut_slice()) {
        match grounds(session, id) {
            Ok(found) => only.grounds = found,
            Err(problems) => {
                output::problems(&problems, &session.texts);
                return Exit::BadInput;
            }
        }
    }
    match (arguments.format, &arguments.id) {
        (Format::Json, _) => output::json(&printed),
        (format, Some(_)) => output::documents(printed.iter().map(|claim| one(claim, &opened)).collect(), format),
        (format, None) => output::document(&all(&printed, session), format),
    }
    Exit::Clean
}

fn gather<'a>(claim: &'a Claim, session: &'a Session, rules: &BTreeMap<&'a str, Vec<&'a Id>>) -> Printed<'a> {
    let register = &session.pack.register;
    let attacks =
        || register.disagreements.values().flat_map(|own| own.attacks.iter().map(move |attack| (own, attack)));
    let ids = |own: Vec<&'a String>| {
        let mut ids: Vec<&str> = own.into_iter().map(String::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let from = attacks().filter(|(_, attack)| attack.from.contains(&claim.id));
    let both = attacks().filter(|(_, attack)| attack.on.contains(&claim.id) || attack.from.contains(&claim.id));
    let corrected = register.discrepancies.values().filter(|own| own.claims.contains(&claim.id));
    Printed {
        id: &claim.id,
        source: &claim.source,
        locator: &claim.locator,
        kind: claim.kind.as_str(),
        hedge: claim.hedge.as_str(),
        text: &claim.text,
        r#use: claim.usage.as_str(),
        reason: claim.reason.as_deref(),
        rules: rules.get(claim.id.as_str()).into_iter().flatten().map(|id| id.as_str()).collect(),
        grounds: Vec::new(),
        shown: claim.shown.iter().map(|shown| [shown.scenario.as_str(), shown.at.as_str()]).collect(),
        attacked_by: attacks_on(session, &claim.id).into_iter().collect(),
        attacks: ids(from.flat_map(|(_, attack)| &attack.on).collect()),
        disagreements: ids(both.map(|(own, _)| &own.id).collect()),
        discrepancies: ids(corrected.map(|own| &own.id).collect()),
    }
}

fn all(claims: &[Printed<'_>], session: &Session) -> Document {
    let mut document = Document::default();
    document.heading(1, format!("Claims, {}", claims.len()));
    let mut papers: Vec<&str> = claims.iter().map(|claim| claim.source).collect();
    papers.sort_unstable();
    papers.dedup();
    for paper in papers {
        let own = claims.iter().filter(|claim| claim.source == paper);
        let points = own.map(|claim| {
            let rules = match claim.rules.len() {
                0 => "no rule".to_owned(),
                1 => "1 rule".to_owned(),
                count => format!("{count} rules"),
            };
            vec![
                span(Style::Code, claim.id),
                plain(format!(" {}", clip(claim.text, 120))),
                span(Style::Dim, format!(" ({}, {rules})", claim.kind)),
            ]
        });
        document.section(format!("{paper}: {}", session.pack.world.cite(paper)), points.collect());
    }
    document
}

fn one(claim: &Printed<'_>, opened: &Opened) -> Document {
    let register = &opened.session.pack.register;
    let mut document = Document::default();
    document.heading(1, claim.id);
    document.paragraph(vec![plain(claim.text), span(Style::Source, format!(" [{}, {}]", claim.source, claim.locator))]);
    let said = match claim.hedge {
        "only" => "stated as exclusive or necessary",
        "flat" => "stated flatly",
        "hedged" => "stated with caution",
        "attributed" => "attributed to others",
        _ => "voiced as a hope",
    };
    let used = match claim.r#use {
        "rule" => "its rule follows from facts alone",
        "judgement" => "its rule waits for a value that somebody judges",
        _ => "background, without a rule",
    };
    document.paragraph(vec![plain(format!("Kind: {}; {said}; {used}.", claim.kind))]);
    if let Some(reason) = claim.reason {
        document.paragraph(vec![plain(format!("No rule: {reason}"))]);
    }
    let rule = |id: &&str| {
        let rule = opened.session.rules.rules.get(*id);
        let doc = rule.map(|rule| rule.doc.as_str()).unwrap_or_default();
        let place = rule.map(|rule| format!(" {}", rule.place)).unwrap_or_default();
        vec![span(Style::Code, id), plain(format!(" {doc}")), span(Style::Dim, place)]
    };
    document.section("Rules that realise it", claim.rules.iter().map(rule).collect());
    if !claim.grounds.is_empty() {
        document.heading(2, "Where it shows, and on what it stands there");
    }
    for ground in &claim.grounds {
        let how = how(ground);
        document.paragraph(vec![
            span(Style::Strong, &ground.scenario),
            plain(format!(": {} ", ground.position)),
            span(Style::Dim, format!("({})", ground.label.as_str())),
        ]);
        let mut points: Vec<Line> = ground.facts.iter().map(|fact| vec![plain(fact)]).collect();
        if !ground.attackers.is_empty() {
            points.push(vec![span(Style::Contested, format!("attacked by {}", listed(&ground.attackers, 4)))]);
        }
        points.push(vec![
            span(Style::Dim, "in full: "),
            span(Style::Code, format!("mandatum explain {} {}{how}", place(opened, &ground.scenario), ground.argument)),
        ]);
        document.list(points);
    }
    let told = |ids: &[&str], text: &dyn Fn(&str) -> Option<String>| -> Vec<Line> {
        let line = |id: &&str| vec![span(Style::Code, id), plain(format!(" {}", text(id).unwrap_or_default()))];
        ids.iter().map(line).collect()
    };
    let gist = |id: &str| register.claims.get(id).map(|own| own.text.clone());
    document.section("Attacked by", told(&claim.attacked_by, &gist));
    document.section("Attacks", told(&claim.attacks, &gist));
    let question = |id: &str| register.disagreements.get(id).map(|own| own.question.clone());
    document.section("Disagreements", told(&claim.disagreements, &question));
    let collides = |id: &str| register.discrepancies.get(id).map(|own| own.text.clone());
    document.section("Rests on a fact in two versions", told(&claim.discrepancies, &collides));
    document
}

fn how(ground: &Ground) -> String {
    let mut typed = String::new();
    if !ground.lens.is_empty() {
        typed.push_str(&format!(" --lens {}", ground.lens.join(",")));
    }
    typed.extend(ground.account.iter().map(|account| format!(" --account {account}")));
    typed.extend(ground.as_of.iter().map(|date| format!(" --as-of {date}")));
    typed
}
