//! `mandatum claims`: what a pack's papers claim, the rules that realise each claim, and where it shows.

use mandatum::register::{Ground, grounds, realised};
use mandatum::render::document::{Document, Line, Style, Table, cell, clip, listed, plain, span};
use mandatum::session::Session;
use mandatum::world::register::Claim;
use schemars::JsonSchema;
use serde::Serialize;

use super::Exit;
use super::files::open_pack;
use super::output::{self, Format};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A claim; without it, all of them.
    id: Option<String>,
    /// The pack: a folder, or a shipped one.
    #[arg(long, default_value = "central-asia")]
    pack: String,
    /// How to write it.
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
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
    /// For one claim: its arguments where it shows, and what they stand on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
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
    if let Some(id) = &arguments.id
        && !claims.contains_key(id)
    {
        let help = mandatum::diagnostic::suggestion(id, claims.keys().map(String::as_str));
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        output::complain(&format!("error: the register of `{}` holds no claim `{id}`{help}\n", arguments.pack));
        return Exit::BadInput;
    }
    let wanted = claims.values().filter(|claim| arguments.id.as_ref().is_none_or(|id| claim.id == *id));
    let mut printed: Vec<Printed<'_>> = wanted.map(|claim| gather(claim, session)).collect();
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
        (format, Some(_)) => printed.iter().for_each(|claim| output::document(&one(claim, &opened.named), format)),
        (format, None) => output::document(&all(&printed), format),
    }
    Exit::Clean
}

fn gather<'a>(claim: &'a Claim, session: &'a Session) -> Printed<'a> {
    let register = &session.pack.register;
    let attacks =
        || register.disagreements.values().flat_map(|own| own.attacks.iter().map(move |attack| (own, attack)));
    let ids = |own: Vec<&'a String>| {
        let mut ids: Vec<&str> = own.into_iter().map(String::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let on = attacks().filter(|(_, attack)| attack.on.contains(&claim.id));
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
        rules: realised(session)
            .remove(claim.id.as_str())
            .unwrap_or_default()
            .into_iter()
            .map(String::as_str)
            .collect(),
        grounds: Vec::new(),
        shown: claim.shown.iter().map(|shown| [shown.scenario.as_str(), shown.at.as_str()]).collect(),
        attacked_by: ids(on.flat_map(|(_, attack)| &attack.from).collect()),
        attacks: ids(from.flat_map(|(_, attack)| &attack.on).collect()),
        disagreements: ids(both.map(|(own, _)| &own.id).collect()),
        discrepancies: ids(corrected.map(|own| &own.id).collect()),
    }
}

fn all(claims: &[Printed<'_>]) -> Document {
    let mut document = Document::default();
    document.heading(1, format!("Claims, {}", claims.len()));
    let heads = ["claim", "kind", "said", "gist", "rules"];
    let mut table = Table { header: heads.iter().map(|head| cell(Style::Strong, head)).collect(), ..Table::default() };
    for claim in claims {
        table.rows.push(vec![
            cell(Style::Code, claim.id),
            cell(Style::Plain, claim.kind),
            cell(Style::Plain, claim.hedge),
            cell(Style::Plain, clip(claim.text, 70)),
            cell(Style::Plain, claim.rules.len().to_string()),
        ]);
    }
    document.table(table);
    document
}

fn one(claim: &Printed<'_>, pack: &str) -> Document {
    let mut document = Document::default();
    document.heading(1, claim.id);
    document.paragraph(vec![plain(claim.text), span(Style::Source, format!(" [{}, {}]", claim.source, claim.locator))]);
    document.paragraph(vec![plain(format!("{}, said as {}, for use as {}", claim.kind, claim.hedge, claim.r#use))]);
    if let Some(reason) = claim.reason {
        document.paragraph(vec![plain(format!("No rule: {reason}"))]);
    }
    let points = |ids: &[&str]| ids.iter().map(|id| vec![span(Style::Code, id)]).collect::<Vec<_>>();
    document.section("Rules that realise it", points(&claim.rules));
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
            span(Style::Code, format!("mandatum explain {}{}{how}", place(pack, &ground.scenario), ground.argument)),
        ]);
        document.list(points);
    }
    document.section("Attacked by", points(&claim.attacked_by));
    document.section("Attacks", points(&claim.attacks));
    document.section("Disagreements", points(&claim.disagreements));
    document.section("Rests on a fact in two versions", points(&claim.discrepancies));
    document
}

/// The scenario as it is typed: a shipped one by its name, one of a folder by its file.
fn place(pack: &str, scenario: &str) -> String {
    let folder = std::path::Path::new(pack);
    if folder.is_dir() {
        format!("{} ", folder.join(format!("{scenario}.toml")).display())
    } else {
        format!("{pack}/{scenario} ")
    }
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
