//! `mandatum review`: what waits for a decision, shown as a change of conclusions, and decided one by one or all at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use mandatum::conclusions::file::{self, Snapshot};
use mandatum::conclusions::moved::{Weight, moved};
use mandatum::conclusions::review::{self, Consequence, Review, State, Waiting};
use mandatum::conclusions::turned::Cause;
use mandatum::diagnostic::suggestion;
use mandatum::render;
use mandatum::render::document::Document;
use similar::{ChangeTag, TextDiff};

use super::Exit;
use super::files::{Input, Opened, open};
use super::output::{self, Format};
use super::snapshots;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A pack's folder, or a scenario's file; the folder you are in if it holds a pack.
    pack: Option<String>,
    /// Take over what waits of these scenarios, or of --all.
    #[arg(long, value_name = "SCENARIO", num_args = 0.., conflicts_with = "reject")]
    accept: Option<Vec<String>>,
    /// Drop what waits of these scenarios, or of --all; what is stored stays.
    #[arg(long, value_name = "SCENARIO", num_args = 0..)]
    reject: Option<Vec<String>>,
    /// Every scenario that waits.
    #[arg(long)]
    all: bool,
    /// With --accept: only these conclusions of the scenarios, named as --format json names them.
    #[arg(long, value_name = "NAME", requires = "accept", conflicts_with = "reject")]
    conclusion: Vec<String>,
    /// Only name the scenarios that wait.
    #[arg(long, conflicts_with_all = ["accept", "reject"])]
    list: bool,
    /// More rules.
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,
    /// How to write it; without it and at a terminal you are asked, one scenario at a time.
    #[arg(long, value_parser = output::formats(output::PAGE))]
    format: Option<Format>,
}

/// One scenario that waits.
struct Item {
    scenario: String,
    state: State,
    stored: PathBuf,
    pending: PathBuf,
    /// What is stored, and the text of its file.
    old: Option<(Snapshot, String)>,
    /// What waits, and the text of its file.
    new: Option<(Snapshot, String)>,
    /// The pack concludes something else today.
    stale: bool,
    told: Vec<(BTreeSet<Cause>, Consequence)>,
    cells: Vec<String>,
}

/// What can be decided about a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Accept,
    Reject,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let named = match &arguments.pack {
        Some(pack) => pack.clone(),
        None if Path::new("pack.toml").is_file() => ".".to_owned(),
        None => {
            output::complain(
                "error: there is no pack here: name its folder, as in mandatum review scenarios/central-asia\n",
            );
            return Exit::BadInput;
        }
    };
    let Some(opened) = open(&Input { scenario: Some(named), rules: arguments.rules.clone() }) else {
        return Exit::BadInput;
    };
    let Some((mut items, not_compared)) = gather(&opened) else { return Exit::BadInput };
    if let Some(verdict) = asked(arguments) {
        return decide(arguments, verdict, &mut items);
    }
    if arguments.list && arguments.format != Some(Format::Json) {
        for one in &items {
            let what = match one.state {
                State::Differs => "differs",
                State::New => "new",
                State::Gone => "gone",
            };
            output::out(&format!("{what:7} {}\n", one.scenario));
        }
        return left(&items);
    }
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if arguments.format.is_none() && terminal && !items.is_empty() {
        let stdin = std::io::stdin();
        let open = converse(&mut items, &mut stdin.lock(), &mut std::io::stdout(), output::width());
        return if open { Exit::Findings } else { Exit::Clean };
    }
    let page = whole(&opened.named, &items, not_compared);
    let format = arguments.format.unwrap_or(Format::Terminal);
    if format == Format::Json {
        output::json(&page);
    } else {
        let mut document = Document::default();
        render::review::review(&mut document, &page);
        output::document(&document, format);
        if format == Format::Terminal && !items.is_empty() {
            let hint = format!("decide: mandatum review {} --accept SCENARIO, or --reject, or --all\n", opened.named);
            output::out(&format!("\n{hint}"));
        }
    }
    left(&items)
}

fn left(items: &[Item]) -> Exit {
    if items.is_empty() { Exit::Clean } else { Exit::Findings }
}

fn asked(arguments: &Arguments) -> Option<Verdict> {
    match (&arguments.accept, &arguments.reject) {
        (Some(_), _) => Some(Verdict::Accept),
        (_, Some(_)) => Some(Verdict::Reject),
        _ => None,
    }
}

/// Everything that waits, and the scenarios that differ and were not compared. `None`: bad input, printed.
fn gather(opened: &Opened) -> Option<(Vec<Item>, Vec<String>)> {
    let folder = match snapshots::folder(opened) {
        Ok(folder) => folder,
        Err(problem) => {
            output::problems(&[problem], &BTreeMap::new());
            return None;
        }
    };
    let concluded = snapshots::conclude(opened)?;
    let rules = review::rules(&opened.session);
    let (mut items, mut not_compared, mut readable) = (Vec::new(), Vec::new(), true);
    let mut read = |path: &Path| match snapshots::read(path) {
        Ok(found) => found,
        Err((problem, text)) => {
            let texts = problem.place().map(|place| (place.file.to_string(), text));
            output::problems(&[*problem], &texts.into_iter().collect());
            readable = false;
            None
        }
    };
    for (scenario, (now, names)) in &concluded {
        let (stored, pending) = (snapshots::stored(&folder, scenario), snapshots::pending(&folder, scenario));
        let (old, new) = (read(&stored), read(&pending));
        let Some(new) = new else {
            let same = old.as_ref().is_some_and(|(own, _)| own.conclusions == now.conclusions);
            if !same && !pending.exists() {
                not_compared.push(scenario.clone());
            }
            continue;
        };
        let mut item = Item {
            scenario: scenario.clone(),
            state: if stored.exists() { State::Differs } else { State::New },
            stored,
            pending,
            stale: new.0.conclusions != now.conclusions,
            told: Vec::new(),
            cells: Vec::new(),
            old,
            new: None,
        };
        match &item.old {
            Some((old, _)) => item.told = review::consequences(old, &new.0, now, &rules, names),
            None => item.cells = review::cells(&new.0.conclusions, names),
        }
        item.new = Some(new);
        items.push(item);
    }
    if snapshots::whole(opened) {
        for scenario in snapshots::known(&folder).into_iter().filter(|id| !concluded.contains_key(id)) {
            let (stored, pending) = (snapshots::stored(&folder, &scenario), snapshots::pending(&folder, &scenario));
            let old = read(&stored);
            let (told, cells) = (Vec::new(), Vec::new());
            items.push(Item {
                scenario,
                state: State::Gone,
                stored,
                pending,
                old,
                new: None,
                stale: false,
                told,
                cells,
            });
        }
    }
    items.sort_by(|a, b| a.scenario.cmp(&b.scenario));
    readable.then_some((items, not_compared))
}

fn waiting(item: &Item) -> Waiting {
    let grounds = item.told.iter().filter(|(_, own)| own.weight == Weight::Grounds).count();
    Waiting {
        scenario: item.scenario.clone(),
        state: item.state,
        moved: item.told.len() - grounds,
        on_other_grounds: grounds,
        stale: item.stale,
        cells: item.cells.clone(),
    }
}

fn whole(pack: &str, items: &[Item], not_compared: Vec<String>) -> Review {
    Review {
        schema: review::SCHEMA,
        pack: pack.to_owned(),
        scenarios: items.iter().map(waiting).collect(),
        causes: review::grouped(items.iter().flat_map(|own| own.told.clone()).collect()),
        not_compared,
    }
}

/// Carries out what the flags say. Each scenario is done at once, so that whatever stops the rest undoes nothing.
fn decide(arguments: &Arguments, verdict: Verdict, items: &mut Vec<Item>) -> Exit {
    let wanted = arguments.accept.as_ref().or(arguments.reject.as_ref()).cloned().unwrap_or_default();
    if wanted.is_empty() && !arguments.all {
        output::complain("error: name the scenarios, or --all\n");
        return Exit::BadInput;
    }
    for name in &wanted {
        if !items.iter().any(|one| one.scenario == *name) {
            let known = items.iter().map(|one| one.scenario.as_str());
            let help = suggestion(name, known).map(|help| format!("; {help}")).unwrap_or_default();
            output::complain(&format!("error: nothing waits for a decision about `{name}`{help}\n"));
            return Exit::BadInput;
        }
    }
    let chosen: BTreeSet<String> = arguments.conclusion.iter().cloned().collect();
    for name in &chosen {
        let all = items.iter().filter(|one| arguments.all || wanted.contains(&one.scenario));
        let known: Vec<&str> = all.flat_map(|one| &one.told).map(|(_, own)| own.conclusion.as_str()).collect();
        if !known.contains(&name.as_str()) {
            let help = suggestion(name, known.iter().copied()).map(|help| format!("; {help}")).unwrap_or_default();
            output::complain(&format!("error: no conclusion `{name}` moved{help}\n"));
            return Exit::BadInput;
        }
    }
    let mut failed = false;
    items.retain(|item| {
        if !arguments.all && !wanted.contains(&item.scenario) {
            return true;
        }
        let done = if chosen.is_empty() { carry_out(item, verdict) } else { take(item, &chosen) };
        match done {
            Ok((text, stays)) => {
                output::out(&format!("{text}\n"));
                stays
            }
            Err(text) => {
                output::complain(&format!("error: {text}\n"));
                failed = true;
                true
            }
        }
    });
    if failed { Exit::BadInput } else { left(items) }
}

/// Whether what waits is still what was shown, and still what the pack concludes.
fn unchanged(item: &Item) -> Result<(), String> {
    if item.stale {
        return Err(format!(
            "{}: the pack has changed since this was compared; compare again with mandatum test --snapshots",
            item.scenario
        ));
    }
    let now = fs::read_to_string(&item.pending).ok();
    if now.as_ref() == item.new.as_ref().map(|(_, text)| text) {
        return Ok(());
    }
    Err(format!("{}: what waits is no longer what was shown; look again", item.scenario))
}

/// One decision about a whole scenario; whether it still waits afterwards.
fn carry_out(item: &Item, verdict: Verdict) -> Result<(String, bool), String> {
    let failed = |path: &Path, error: std::io::Error| {
        format!("`{}` cannot be written: {}", path.display(), error.to_string().to_lowercase())
    };
    let gone = |path: &Path| match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(path, error)),
        _ => Ok(()),
    };
    match (item.state, verdict) {
        (State::Gone, Verdict::Accept) => {
            gone(&item.pending)?;
            gone(&item.stored)?;
            Ok((format!("removed {}", item.scenario), false))
        }
        (State::Gone, Verdict::Reject) => Ok((format!("kept {}, whose scenario is gone", item.scenario), true)),
        (_, Verdict::Accept) => {
            unchanged(item)?;
            fs::rename(&item.pending, &item.stored).map_err(|error| failed(&item.stored, error))?;
            Ok((format!("accepted {}", item.scenario), false))
        }
        (_, Verdict::Reject) => {
            gone(&item.pending)?;
            Ok((format!("rejected {}", item.scenario), false))
        }
    }
}

/// Takes single conclusions over; whether anything still waits.
fn take(item: &Item, chosen: &BTreeSet<String>) -> Result<(String, bool), String> {
    let (Some((old, text)), Some((new, _))) = (&item.old, &item.new) else {
        return Err(format!("{}: single conclusions can be taken over where some are stored", item.scenario));
    };
    unchanged(item)?;
    if fs::read_to_string(&item.stored).ok().as_ref() != Some(text) {
        return Err(format!("{}: what is stored is no longer what was shown; look again", item.scenario));
    }
    let before = moved(&old.conclusions, &new.conclusions).len();
    let taken = review::take(old, new, chosen);
    let after = moved(&taken.conclusions, &new.conclusions).len();
    let count = render::document::count(before - after, "conclusion");
    if after == 0 {
        return carry_out(item, Verdict::Accept)
            .map(|(_, stays)| (format!("accepted {count} of {}", item.scenario), stays));
    }
    let own = file::write(&taken.conclusions, &taken.origin);
    snapshots::put(&item.stored, &own).map_err(|error| error.to_string().to_lowercase())?;
    Ok((format!("accepted {count} of {}; {after} still wait", item.scenario), true))
}

const KEYS: &str = "a accept   r reject   s skip   o one by one   d line diff   A accept all   R reject all   q quit";

/// Asks about one scenario at a time; whether something still waits at the end. Each answer is carried out at once.
fn converse(items: &mut [Item], input: &mut dyn BufRead, output: &mut dyn Write, width: usize) -> bool {
    let mut all: Option<Verdict> = None;
    let total = items.len();
    let mut waits = false;
    let mut say = |text: &str| {
        // A reader that went away ends the questions at the next one.
        let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
    };
    'items: for (index, item) in items.iter_mut().enumerate() {
        if let Some(verdict) = all {
            waits |= told(&mut say, carry_out(item, verdict));
            continue;
        }
        say(&format!("{}\n", page(item, index + 1, total, width)));
        loop {
            say(&format!("{KEYS}\n{}> ", item.scenario));
            let Some(answer) = line(input) else {
                waits = true;
                break 'items;
            };
            match answer.as_str() {
                "a" | "r" => {
                    let verdict = if answer == "a" { Verdict::Accept } else { Verdict::Reject };
                    waits |= told(&mut say, carry_out(item, verdict));
                }
                "A" | "R" => {
                    let verdict = if answer == "A" { Verdict::Accept } else { Verdict::Reject };
                    all = Some(verdict);
                    waits |= told(&mut say, carry_out(item, verdict));
                }
                "s" => waits = true,
                "o" => waits |= one_by_one(item, input, &mut say),
                "d" => {
                    say(&diff(item));
                    continue;
                }
                "q" => {
                    waits = true;
                    break 'items;
                }
                _ => {
                    say("type one of the letters, then Enter\n");
                    continue;
                }
            }
            break;
        }
    }
    waits
}

fn line(input: &mut dyn BufRead) -> Option<String> {
    let mut text = String::new();
    match input.read_line(&mut text) {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(text.trim().to_owned()),
    }
}

fn told(say: &mut dyn FnMut(&str), done: Result<(String, bool), String>) -> bool {
    match done {
        Ok((text, stays)) => {
            say(&format!("{text}\n"));
            stays
        }
        Err(text) => {
            say(&format!("error: {text}\n"));
            true
        }
    }
}

/// Asks about each conclusion that moved, by cause; what is accepted is stored at once. Whether something still waits.
fn one_by_one(item: &mut Item, input: &mut dyn BufRead, say: &mut dyn FnMut(&str)) -> bool {
    if item.old.is_none() {
        say("nothing is stored of it yet: accept or reject it as a whole\n");
        return true;
    }
    for own in review::grouped(item.told.clone()) {
        let causes: Vec<String> =
            own.causes.iter().map(|one| format!("{}: {}", one.mover.as_str(), one.what)).collect();
        say(&format!("\n{}\n", causes.join("\n")));
        let mut left: Vec<&Consequence> = own.moved.iter().collect();
        while let Some(one) = left.first().copied() {
            say(&format!("  {}\n  a accept   s skip   c accept all {} of this cause   q stop> ", one.text, left.len()));
            let chosen: BTreeSet<String> = match line(input).as_deref() {
                Some("a") => BTreeSet::from([one.conclusion.clone()]),
                Some("c") => left.iter().map(|one| one.conclusion.clone()).collect(),
                Some("s") => {
                    left.remove(0);
                    continue;
                }
                Some("q") | None => return true,
                _ => {
                    say("  type one of the letters, then Enter\n");
                    continue;
                }
            };
            if !told(say, take(item, &chosen)) {
                return false;
            }
            match snapshots::read(&item.stored) {
                Ok(old) => item.old = old,
                Err((problem, _)) => {
                    say(&format!("error: {}\n", problem.message));
                    return true;
                }
            }
            left.retain(|own| !chosen.contains(&own.conclusion));
        }
    }
    true
}

/// What moved in one scenario.
fn page(item: &Item, number: usize, total: usize, width: usize) -> String {
    let title = format!("{} ({number} of {total})", item.scenario);
    let mut document = Document::default();
    render::review::review(&mut document, &whole(&title, std::slice::from_ref(item), Vec::new()));
    render::terminal::terminal(&document, width)
}

/// The two files, line by line, around what differs.
fn diff(item: &Item) -> String {
    let text = |side: &Option<(Snapshot, String)>| side.as_ref().map(|(_, text)| text.clone()).unwrap_or_default();
    let (old, new) = (text(&item.old), text(&item.new));
    let found = TextDiff::from_lines(&old, &new);
    let mut out = String::new();
    for group in found.grouped_ops(1) {
        out.push_str("...\n");
        for change in group.iter().flat_map(|op| found.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            let line: String =
                change.value().trim_end().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            out.push_str(&format!("{sign} {line}\n"));
        }
    }
    out
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;

    fn waits(folder: &Path, scenario: &str) -> Item {
        let (stored, pending) = (snapshots::stored(folder, scenario), snapshots::pending(folder, scenario));
        fs::write(&stored, "old").expect("a file");
        fs::write(&pending, "new").expect("a file");
        Item {
            scenario: scenario.to_owned(),
            state: State::Differs,
            stored,
            pending,
            old: Some((Snapshot::default(), "old".to_owned())),
            new: Some((Snapshot::default(), "new".to_owned())),
            stale: false,
            told: Vec::new(),
            cells: Vec::new(),
        }
    }

    #[test]
    fn each_answer_is_carried_out_at_once_and_the_end_of_input_loses_nothing() {
        for (answers, stored, left, open) in [
            ("a\nr\ns\n", ["new", "old", "old"], [false, false, true], true),
            ("x\nd\nA\n", ["new", "new", "new"], [false, false, false], false),
            ("s\nR\n", ["old", "old", "old"], [true, false, false], true),
            ("a\nq\n", ["new", "old", "old"], [false, true, true], true),
            ("a\n", ["new", "old", "old"], [false, true, true], true),
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let mut items: Vec<Item> = ["a", "b", "c"].iter().map(|name| waits(folder.path(), name)).collect();
            let still = converse(&mut items, &mut answers.as_bytes(), &mut Vec::new(), 80);
            let text = |item: &Item| fs::read_to_string(&item.stored).expect("a file");
            assert_eq!(items.iter().map(text).collect::<Vec<String>>(), stored, "{answers:?}");
            assert_eq!(items.iter().map(|item| item.pending.exists()).collect::<Vec<bool>>(), left, "{answers:?}");
            assert_eq!(still, open, "{answers:?}");
        }
    }

    #[test]
    fn what_was_written_over_since_it_was_shown_is_not_accepted() {
        let folder = tempfile::tempdir().expect("a folder");
        let item = waits(folder.path(), "a");
        fs::write(&item.pending, "newer").expect("a file");
        assert!(carry_out(&item, Verdict::Accept).is_err());
        assert_eq!(fs::read_to_string(&item.stored).expect("a file"), "old");
    }
}
