//! A rule of a pack, and its source if that is new.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use mandatum::ask::vocabulary::{Each, Stage};
use mandatum::diagnostic::{closest, suggestion};
use mandatum::session::Session;
use mandatum::world::{Id, SourceKind, Word as _, World};

use super::super::backstop::backstop;
use super::super::files::write;
use super::super::output;
use super::Refusal;
use super::ask::{ask, somebody};
use super::sketch::{Body, Wanted, bodies, conclusions, evaluated, speaks};
use super::target::{Target, free, known, quoted, refresh};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Its id: the file is NAME.rhai.
    name: String,
    /// The folder of the pack; the current one if not given.
    #[arg(long = "in", value_name = "PACK")]
    pack: Option<PathBuf>,
    /// Whose argument it is: the key of a source. A new one is added to the pack.
    #[arg(long, value_name = "KEY")]
    source: Option<String>,
    /// Where in the source: "art. 4", "p. 12".
    #[arg(long, value_name = "TEXT")]
    at: Option<String>,
    /// The claim of the register that it realises.
    #[arg(long, value_name = "ID")]
    claim: Option<String>,
    /// What kind of thing it says.
    #[arg(long, value_parser = Stage::ALL.map(Stage::as_str))]
    stage: Option<String>,
    /// What it runs for.
    #[arg(long, value_parser = Each::ALL.map(|(name, _)| name))]
    each: Option<String>,
    /// The threats that it speaks to, separated by commas.
    #[arg(long, value_delimiter = ',')]
    threats: Vec<String>,
    /// The functions that it speaks to, separated by commas.
    #[arg(long, value_delimiter = ',')]
    functions: Vec<String>,
    /// For a new source: its title.
    #[arg(long)]
    title: Option<String>,
    /// For a new source: who wrote it.
    #[arg(long)]
    authors: Option<String>,
    /// For a new source: when it appeared.
    #[arg(long)]
    year: Option<i64>,
    /// For a new source: what it is.
    #[arg(long, value_parser = ["treaty", "official", "press", "paper"])]
    kind: Option<String>,
    /// For a new source: it may be taken at its word, with `--lens`.
    #[arg(long)]
    lens: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<String, Refusal> {
    let target = Target::open(arguments.pack.as_deref())?;
    let id = arguments.name.trim_end_matches(".rhai").replace('_', "-");
    let starts = id.starts_with(|first: char| first.is_ascii_alphabetic());
    if !starts || !id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
        return Err(Refusal::new(format!("`{id}` cannot name a rule"))
            .help("a letter first, then letters, digits and hyphens: charter-3-consult"));
    }
    if let Some(rule) = target.session.rules.rules.get(&id) {
        return Err(Refusal::new(format!("there is a rule `{id}` already; nothing was written"))
            .help(format!("edit {}, or name another", rule.place.file)));
    }
    let path = target.rules().join(format!("{id}.rhai"));
    free(&path, "edit it, or name another")?;
    let told = told(arguments, &target)?;
    let (stage, each) = kind(arguments)?;
    let world = &target.session.pack.world;
    for threat in &arguments.threats {
        known("threat", threat, world.threats.terms.keys().map(String::as_str))?;
    }
    for function in &arguments.functions {
        known("function", function, world.functions.terms.keys().map(String::as_str))?;
    }
    if let Some(claim) = &arguments.claim {
        known("claim", claim, target.session.pack.register.claims.keys().map(String::as_str))?;
    }
    let mut added = told.row.clone().unwrap_or_default();
    let thesis = thesis(&id, stage, &told.source, world, &mut added);
    let threats = match (arguments.threats.as_slice(), each) {
        ([], Each::Organisation | Each::Pair) => Vec::new(),
        ([], _) => usual_threat(&target).into_iter().collect(),
        (named, _) => named.to_vec(),
    };
    let functions = arguments.functions.clone();
    let wanted = Wanted { id: id.clone(), stage, each, threats, functions, thesis };
    let facts = (!added.is_empty()).then(|| facts(&target, &added)).transpose()?;
    let chosen = choose(&target, &wanted, &told, arguments.claim.as_deref(), facts.as_ref(), &path)?;
    let mut said = String::new();
    if let Some((facts, text)) = &facts {
        write(facts, text)?;
        let shown: String = added.lines().map(|line| format!("  {line}\n")).collect();
        let _ = write!(said, "added to {}:\n{shown}", facts.display());
    }
    write(&path, &chosen.text)?;
    refresh(&target.folder)?;
    let path = path.display();
    let _ = writeln!(said, "wrote {path}");
    match chosen.speaks.as_slice() {
        [] => said.push_str("it speaks in no scenario of the pack yet\n"),
        [first, rest @ ..] => {
            let more = if rest.is_empty() { String::new() } else { format!(", and in {} more", rest.len()) };
            let _ = writeln!(said, "it speaks: {first}{more}");
        }
    }
    let folder = target.folder.display();
    let _ = writeln!(said, "next: fill in what is marked TODO, then mandatum new test {id} --in {folder}");
    Ok(said)
}

/// Whose argument the rule is.
struct Told {
    source: Id,
    at: String,
    /// The row that declares the source, if it is new.
    row: Option<String>,
}

/// The source and the place in it; what is missing is asked for, or all of it named.
fn told(arguments: &Arguments, target: &Target) -> Result<Told, Refusal> {
    let world = &target.session.pack.world;
    let own = world.sources.keys().map(String::as_str).filter(|key| *key != mandatum::load::CORE);
    let sources: Vec<&str> = own.collect();
    let mut missing: Vec<String> = Vec::new();
    let mut need = |named: &Option<String>, flag: &str, what: &str, choices: &[&str]| -> Result<String, Refusal> {
        match named {
            Some(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
            _ if somebody() => ask(what, choices, None).ok_or_else(|| Refusal::new("nothing was written")),
            _ => {
                missing.push(flag.to_owned());
                Ok(String::new())
            }
        }
    };
    if arguments.source.is_none() && somebody() {
        output::complain(&format!("  sources of the pack: {} (or a new key)\n", sources.join(", ")));
    }
    let mut source = need(&arguments.source, "--source KEY", "source", &[])?;
    if arguments.source.is_none()
        && !world.sources.contains_key(&source)
        && let Some(close) = closest(&source, sources.iter().copied())
    {
        // Typed at the terminal, and perhaps a slip.
        let what = format!("there is no source `{source}` yet: did you mean `{close}`");
        source = need(&None, "--source KEY", &what, &[close, &source])?;
    }
    let at = need(&arguments.at, "--at \"p. 12\"", "where in the source (art. 4, p. 12)", &[])?;
    let is_new = !source.is_empty() && !world.sources.contains_key(&source);
    let legal = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    if !source.chars().all(legal) {
        return Err(Refusal::new(format!("`{source}` is no key")).help("letters, digits and hyphens only: smith-2020"));
    }
    let mut row = None;
    if is_new {
        let kinds: Vec<&str> = SourceKind::WORDS.iter().copied().filter(|word| *word != "core").collect();
        let title = need(&arguments.title, "--title TEXT", "title of the new source", &[])?;
        let kind = need(&arguments.kind, &format!("--kind {}", kinds.join("|")), "what it is", &kinds)?;
        let mut text = format!("[[source]]\nkey = {}\ntitle = {}\n", quoted(&source), quoted(&title));
        if let Some(authors) = &arguments.authors {
            let _ = writeln!(text, "authors = {}", quoted(authors));
        }
        if let Some(year) = arguments.year {
            let _ = writeln!(text, "year = {year}");
        }
        let _ = writeln!(text, "kind = {}", quoted(&kind));
        if arguments.lens {
            text.push_str("lens = true\n");
        }
        row = Some(text);
    } else if arguments.title.is_some() || arguments.kind.is_some() || arguments.authors.is_some() || arguments.lens {
        return Err(Refusal::new(format!("the source `{source}` is there already"))
            .help("drop --title, --authors, --year, --kind and --lens, or give a new key"));
    }
    if missing.is_empty() {
        return Ok(Told { source, at, row });
    }
    let why = if is_new {
        format!(
            "`{source}` is no source of the pack yet; to add it, or to write the rule, say also: {}",
            missing.join(", ")
        )
    } else {
        format!("a rule is somebody's argument; say also: {}", missing.join(", "))
    };
    let help = match suggestion(&source, sources.iter().copied()) {
        Some(close) if is_new => close,
        _ => format!("sources of the pack: {}", sources.join(", ")),
    };
    Err(Refusal::new(why).help(help))
}

/// What the rule says and what it runs for: asked for, or the usual.
fn kind(arguments: &Arguments) -> Result<(Stage, Each), Refusal> {
    let stages = Stage::ALL.map(Stage::as_str);
    let stage = match &arguments.stage {
        Some(stage) => stage.clone(),
        None if somebody() => ask(
            "what it says: question (a derived fact), need, coverage (a step), finding (a gap, a verdict), assessment (a thesis)",
            &stages,
            Some("finding"),
        )
        .ok_or_else(|| Refusal::new("nothing was written"))?,
        None => "finding".to_owned(),
    };
    let stage = Stage::ALL.into_iter().find(|own| own.as_str() == stage).unwrap_or(Stage::Finding);
    let legal: &[&str] = match stage {
        Stage::Question => &["state", "case", "response", "overlap"],
        Stage::Need | Stage::Coverage => &["state"],
        Stage::Finding => &["state", "response", "overlap"],
        Stage::Assessment => &["state", "case", "response", "overlap", "organisation", "pair"],
    };
    let each = arguments.each.clone().unwrap_or_else(|| "state".to_owned());
    if !legal.contains(&each.as_str()) {
        return Err(Refusal::new(format!("a rule of the stage {} does not run for each {each}", stage.as_str()))
            .help(format!("it runs for each {}", legal.join(", "))));
    }
    let each = Each::ALL.into_iter().find(|(name, _)| *name == each).map_or(Each::State, |(_, each)| each);
    Ok((stage, each))
}

/// The thesis or derived fact that a rule of those stages speaks of; a new row declares it if there is none of the source.
fn thesis(id: &str, stage: Stage, source: &str, world: &World, added: &mut String) -> Option<Id> {
    let gap = if added.is_empty() { "" } else { "\n" };
    match stage {
        Stage::Question => {
            let _ = write!(added, "{gap}[[question]]\nid = {}\ntext = \"TODO: the question, in words\"\n", quoted(id));
            Some(id.to_owned())
        }
        Stage::Assessment => {
            if let Some(own) = world.propositions.values().find(|own| own.source == source) {
                return Some(own.id.clone());
            }
            let _ = write!(
                added,
                "{gap}[[proposition]]\nid = {}\ntext = \"TODO: the thesis, in a sentence\"\nsource = {}\n",
                quoted(id),
                quoted(source)
            );
            Some(id.to_owned())
        }
        _ => None,
    }
}

/// The threat of the pack's first case: a guard to start from.
fn usual_threat(target: &Target) -> Option<Id> {
    let pack = &target.session.pack;
    let featured = pack.world.pack.featured.as_ref().and_then(|id| target.session.scenario(id));
    let loaded = featured.or_else(|| pack.scenarios.first());
    let case = loaded.and_then(|loaded| loaded.scenario.cases.first());
    case.map(|case| case.circumstances.threat.clone()).filter(|threat| pack.world.threats.terms.contains_key(threat))
}

/// The file of facts that rows are added to, with its new text: the one that holds most sources.
fn facts(target: &Target, added: &str) -> Result<(PathBuf, String), Refusal> {
    let holds =
        |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().filter(|line| line.trim() == "[[source]]").count();
    let candidates = target.files.world.iter().filter(|(path, _)| !path.ends_with("pack.toml"));
    let most = candidates.map(|(path, bytes)| (holds(bytes), path)).filter(|(count, _)| *count > 0).max();
    let Some((_, path)) = most else {
        let path = target.folder.join("world").join("sources.toml");
        free(&path, "add a [[source]] to it by hand")?;
        return Ok((path, format!("#:schema ../{}/world.json\n\n{added}", super::super::schema::FOLDER)));
    };
    let path = PathBuf::from(path);
    let mut text = fs::read_to_string(&path)?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text.push('\n');
    text.push_str(added);
    Ok((path, text))
}

/// The text of a rule that was tried, and where it speaks.
struct Chosen {
    text: String,
    speaks: Vec<String>,
}

/// The first body that loads, speaks and changes nothing else; failing that, the first that loads.
fn choose(
    target: &Target,
    wanted: &Wanted,
    told: &Told,
    claim: Option<&str>,
    facts: Option<&(PathBuf, String)>,
    path: &std::path::Path,
) -> Result<Chosen, Refusal> {
    let mut files = target.files.clone();
    if let Some((path, text)) = facts {
        files.world.insert(path.to_string_lossy().replace('\\', "/"), text.as_bytes().to_vec());
    }
    let before = evaluated(&target.session, &wanted.threats);
    let held = conclusions(&before, &wanted.id);
    let mut fallback: Option<Chosen> = None;
    let mut trouble = Vec::new();
    for body in bodies(target, wanted, &before) {
        let text = text(wanted, told, claim, &body);
        files.rules.insert(path.to_string_lossy().replace('\\', "/"), text.clone().into_bytes());
        let session = Session::new(&files, Some(backstop()));
        let found = target.new_problems(&session);
        if !found.is_empty() {
            trouble = found;
            continue;
        }
        let after = evaluated(&session, &wanted.threats);
        if conclusions(&after, &wanted.id) != held {
            continue;
        }
        let speaks = speaks(&after, &wanted.id);
        if !speaks.is_empty() {
            return Ok(Chosen { text, speaks });
        }
        fallback.get_or_insert(Chosen { text, speaks });
    }
    fallback.ok_or_else(|| {
        let why = trouble.first().map(|problem| format!(": {}", problem.message)).unwrap_or_default();
        Refusal::new(format!("no rule of the stage {} could be sketched in this pack{why}", wanted.stage.as_str()))
            .help("the pack needs a threat, a function and a body for it; see docs/reference/tables.md")
    })
}

fn text(wanted: &Wanted, told: &Told, claim: Option<&str>, body: &Body) -> String {
    let mut tags = format!("/// @at {}\n", told.at.replace('\n', " "));
    // What a rule of that kind is not held to would only look like a condition.
    let of_a_case = !matches!(wanted.each, Each::Organisation | Each::Pair);
    let of_a_need = of_a_case && !matches!(wanted.stage, Stage::Question | Stage::Need);
    for (tag, ids, asked) in [("threats", &wanted.threats, of_a_case), ("functions", &wanted.functions, of_a_need)] {
        if asked && !ids.is_empty() {
            let _ = writeln!(tags, "/// @{tag} {}", ids.join(", "));
        }
    }
    if wanted.each != Each::State {
        let name = Each::ALL.into_iter().find(|(_, each)| *each == wanted.each).map_or("", |(name, _)| name);
        let _ = writeln!(tags, "/// @each {name}");
    }
    if let Some(claim) = claim {
        let _ = writeln!(tags, "/// @claim {claim}");
    }
    format!(
        "//! @source {}

/// TODO: what the source says here, in a sentence or two of your own.
///
{tags}fn {}(situation) {{
    // TODO: ask what the source makes it hang on. Every question: docs/reference/words.md
    if {} {{
        // TODO: say what the source concludes. Every word: docs/reference/words.md#what-a-rule-says
        {};
    }}
}}
",
        told.source,
        wanted.id.replace('-', "_"),
        body.asks,
        body.says,
    )
}
