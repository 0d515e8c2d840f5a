//! `mandatum overlap`: which organisations share members and functions, on a day or over time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use mandatum::date::{Day, PartialDate};
use mandatum::diagnostic::suggestion;
use mandatum::overlap::{self, Counted, Options, Overlap};
use mandatum::render::overlap as pages;
use mandatum::shipped;
use mandatum::world::{Level, World};

use super::Exit;
use super::evaluate::date;
use super::files::{Opened, open_pack};
use super::output::{self, Format};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A pack, or a scenario for its own facts and day.
    #[arg(default_value = shipped::DEFAULT_PACK)]
    pack: String,
    /// Only this pair; each may be named by any of its organs or predecessors.
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    between: Option<Vec<String>>,
    /// Read the world on this day (of a month or a year: on the first).
    #[arg(long, value_name = "DATE", value_parser = date, conflicts_with = "from")]
    as_of: Option<PartialDate>,
    /// Over time, from this year, month or day ...
    #[arg(long, value_name = "DATE", value_parser = date, requires = "until")]
    from: Option<PartialDate>,
    /// ... until the last day of this one.
    #[arg(long, value_name = "DATE", value_parser = date, requires = "from")]
    until: Option<PartialDate>,
    /// Count members of organisations; this is so without being said.
    #[arg(long, conflicts_with = "parties")]
    members: bool,
    /// Count states bound by the instruments of the mandates instead of members.
    #[arg(long)]
    parties: bool,
    /// Count mandates against this threat, or a wider one, alone.
    #[arg(long, value_name = "ID")]
    threat: Option<String>,
    /// Count aims beside powers and duties.
    #[arg(long)]
    aims: bool,
    /// Take these papers at their word, and no others.
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    lens: Vec<String>,
    /// How to write it.
    #[arg(long, value_parser = output::formats(FORMATS), default_value = "terminal")]
    format: Format,
}

const FORMATS: &[Format] = &[Format::Terminal, Format::Json, Format::Markdown, Format::Csv, Format::Svg, Format::Html];

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Some(opened) = open_pack(&arguments.pack) else {
        return Exit::BadInput;
    };
    match measure(arguments, &opened) {
        Ok(overlap) => {
            match arguments.format {
                Format::Json => output::json(&overlap),
                Format::Csv => output::out(&pages::csv(&overlap)),
                Format::Svg => output::out(&pages::picture(&overlap)),
                format => output::document(&pages::page(&overlap), format),
            }
            Exit::Clean
        }
        Err(problem) => {
            output::complain(&format!("error: {problem}\n"));
            Exit::BadInput
        }
    }
}

fn measure(arguments: &Arguments, opened: &Opened) -> Result<Overlap, String> {
    let scenario = match opened.chosen.as_slice() {
        [only] if !is_pack(&arguments.pack) => opened.session.scenario(only),
        _ => None,
    };
    let world: &Arc<World> = scenario.map_or(&opened.session.pack.world, |loaded| &loaded.world);
    let options = options(arguments, world)?;
    let between = match arguments.between.as_deref() {
        Some([a, b]) => Some(pair(world, a, b)?),
        _ => None,
    };
    let known = world.pack.known_until;
    let mut warnings = Vec::new();
    let (mut on, mut over) = (None, None);
    let last = if let (Some(from), Some(until)) = (arguments.from, arguments.until) {
        if from.first() > until.last() {
            return Err(format!("{from} lies after {until}: give the earlier date with --from"));
        }
        over = Some(overlap::over(world, from, until, &options, between));
        until.last()
    } else {
        let date = arguments.as_of.or(scenario.map(|loaded| loaded.scenario.date)).or(known).ok_or_else(|| {
            format!("the pack `{}` does not say how far its record goes: give a day with --as-of", arguments.pack)
        })?;
        on = Some(overlap::on(world, date.first(), &options, between));
        warnings.extend(within(world, date));
        date.first()
    };
    if let Some(known) = known.filter(|known| last > known.last()) {
        warnings.push(format!("{last} lies after {known}, the day up to which the record was checked"));
    }
    Ok(Overlap {
        schema: overlap::SCHEMA,
        pack: world.pack.id.clone(),
        scenario: scenario.map(|loaded| loaded.scenario.id.clone()),
        counted: options.counted,
        threat: options.threat.clone(),
        aims: options.aims,
        lenses: options.lenses.iter().cloned().collect(),
        known_until: known.map(|date| date.to_string()),
        warnings,
        names: names(world, on.as_ref(), over.as_ref()),
        on,
        over,
    })
}

/// Whether a whole pack is named, not one of its scenarios.
fn is_pack(name: &str) -> bool {
    let path = Path::new(name);
    let manifest = path.file_name().is_some_and(|file| file == "pack.toml");
    path.is_dir() || manifest || (!path.exists() && shipped::packs().contains(name))
}

fn options(arguments: &Arguments, world: &World) -> Result<Options, String> {
    let lenses: BTreeSet<&str> =
        world.sources.values().filter(|source| source.lens).map(|source| source.key.as_str()).collect();
    if let Some(lens) = arguments.lens.iter().find(|lens| !lenses.contains(lens.as_str())) {
        return Err(format!("`{lens}` is no lens of this pack{}", near(lens, lenses.iter().copied())));
    }
    if let Some(threat) = arguments.threat.as_ref().filter(|threat| !world.threats.terms.contains_key(*threat)) {
        return Err(format!("there is no threat `{threat}`{}", near(threat, ids(&world.threats.terms))));
    }
    Ok(Options {
        counted: if arguments.parties { Counted::Parties } else { Counted::Members },
        threat: arguments.threat.clone(),
        aims: arguments.aims,
        lenses: arguments.lens.iter().cloned().collect(),
    })
}

/// The lines of the two bodies that are named.
fn pair<'w>(world: &'w World, a: &'w str, b: &'w str) -> Result<[&'w str; 2], String> {
    let line = |id: &'w str| {
        if !world.bodies.contains_key(id) {
            return Err(format!("there is no organisation `{id}`{}", near(id, ids(&world.bodies))));
        }
        match world.level(world.line(id)) {
            Level::Regional | Level::Universal => Ok(world.line(id)),
            _ => Err(format!("`{id}` is between two states: overlap is measured between organisations of more")),
        }
    };
    let (one, two) = (line(a)?, line(b)?);
    if one == two {
        return Err(format!("`{a}` and `{b}` are one line, {one}: name two organisations"));
    }
    Ok([one, two])
}

fn near<'i>(word: &str, known: impl IntoIterator<Item = &'i str>) -> String {
    suggestion(word, known).map(|help| format!("; {help}")).unwrap_or_default()
}

fn ids<T>(table: &BTreeMap<String, T>) -> impl Iterator<Item = &str> {
    table.keys().map(String::as_str)
}

/// For a month or a year: that its first day was read, and on which days within it the record changes.
fn within(world: &World, date: PartialDate) -> Option<String> {
    let (first, last) = (date.first(), date.last());
    let changed: Vec<Day> = overlap::changes(world).into_iter().filter(|day| *day > first && *day <= last).collect();
    match (first == last, changed.as_slice()) {
        (true, _) | (false, []) => None,
        (false, [next, ..]) => Some(format!(
            "{date} is read on {first}; the record changes within it, first on {next}: see --from {date} --until {date}"
        )),
    }
}

fn names(world: &World, on: Option<&overlap::Snapshot>, over: Option<&overlap::Series>) -> BTreeMap<String, String> {
    let lines = on.into_iter().flat_map(|own| &own.lines);
    let on = lines.flat_map(|line| [&line.id, &line.body].into_iter().chain(&line.members));
    let over = over.into_iter().flat_map(|own| &own.dyads).flat_map(|own| [&own.a, &own.b]);
    on.chain(over).map(|id| (id.clone(), world.name(id).to_owned())).collect()
}
