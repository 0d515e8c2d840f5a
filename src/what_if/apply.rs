//! Carrying out changes: the day first, then each in its order.

use std::sync::Arc;

use super::{Altered, Effect, bonds, circumstances, consent, institutions, opened};
use crate::answer::Options;
use crate::change::{Change, Form};
use crate::date::{Day, PartialDate};
use crate::load::Loaded;
use crate::world::scenario::Judged;
use crate::world::{JudgedValue, Scenario, World};

/// What carrying out a change came to: notes for the reader, or why nothing had to be done.
pub(super) type Done = Result<Vec<String>, String>;

/// What a change works on.
pub(super) struct Bench {
    pub(super) world: World,
    pub(super) scenario: Scenario,
    pub(super) options: Options,
    pub(super) day: Day,
}

pub(super) fn apply(loaded: &Loaded, options: &Options, changes: &[Change]) -> Altered {
    let (world, scenario) = opened(loaded);
    let mut options = options.clone();
    for change in changes.iter().filter(|change| change.form == Form::AsOf) {
        options.as_of = PartialDate::parse(change.id(0)).or(options.as_of);
    }
    let day = options.as_of.unwrap_or(scenario.date).first();
    let mut bench = Bench { world, scenario, options, day };
    let mut effects = Vec::new();
    for (index, change) in changes.iter().enumerate() {
        let consent = consent::consent(change, &bench.world, day);
        let later = changes.iter().skip(index + 1).any(|other| other.form == Form::AsOf);
        let done = if change.form == Form::AsOf && later {
            Err("a later change names another day".to_owned())
        } else {
            carry_out(change, &mut bench)
        };
        let (nothing, notes) = match done {
            Ok(notes) => (None, notes),
            Err(why) => (Some(why), Vec::new()),
        };
        effects.push(Effect { change: change.clone(), nothing, notes, consent });
    }
    bench.world.draw_lines();
    let loaded = Loaded { scenario: bench.scenario, world: Arc::new(bench.world) };
    Altered { loaded, options: bench.options, effects }
}

fn carry_out(change: &Change, bench: &mut Bench) -> Done {
    match change.form {
        Form::Joins
        | Form::Leaves
        | Form::Suspended
        | Form::Freezes
        | Form::Accedes
        | Form::Withdraws
        | Form::InForce => bonds::carry_out(change, &mut bench.world, bench.day),
        Form::Becomes
        | Form::NoLonger
        | Form::Gains
        | Form::Loses
        | Form::GainsMeans
        | Form::LosesMeans
        | Form::Merges
        | Form::Splits
        | Form::Founded
        | Form::Dissolved
        | Form::Links
        | Form::Divides
        | Form::Unlinks
        | Form::DropFact => institutions::carry_out(change, &mut bench.world, bench.day),
        Form::Judge => judge(change, &mut bench.scenario),
        Form::Account => once(&mut bench.options.account, change.id(0), "the account is the one already looked at"),
        Form::Lens => inserted(bench.options.lenses.insert(change.id(0).to_owned()), "the lens is on already"),
        Form::DropRule => inserted(bench.options.without.insert(change.id(0).to_owned()), "the rule is silent already"),
        Form::DropPaper => drop_paper(change.id(0), bench),
        Form::AsOf => {
            let same = PartialDate::parse(change.id(0)) == Some(bench.scenario.date);
            if same { Err(format!("the scenario is read on {} anyway", change.id(0))) } else { Ok(Vec::new()) }
        }
        _ => circumstances::carry_out(change, bench),
    }
}

fn inserted(new: bool, already: &str) -> Done {
    if new { Ok(Vec::new()) } else { Err(already.to_owned()) }
}

fn once(own: &mut Option<String>, wanted: &str, already: &str) -> Done {
    if own.as_deref() == Some(wanted) {
        return Err(already.to_owned());
    }
    *own = Some(wanted.to_owned());
    Ok(Vec::new())
}

fn judge(change: &Change, scenario: &mut Scenario) -> Done {
    let value = change.id(1).parse().map_or(JudgedValue::Unknown, JudgedValue::Number);
    let own = scenario.judged.iter().find(|judged| judged.judgement == change.id(0));
    if own.is_some_and(|judged| judged.value == value) {
        return Err(format!("it is judged {} already", change.id(1)));
    }
    let place = scenario.place.clone();
    scenario.judged.retain(|judged| judged.judgement != change.id(0));
    scenario.judged.push(Judged {
        judgement: change.id(0).to_owned(),
        value,
        author: "whoever put the change forward".to_owned(),
        place,
    });
    Ok(Vec::new())
}

/// A paper's rules are silent, and what only it states is gone.
fn drop_paper(source: &str, bench: &mut Bench) -> Done {
    let new = bench.options.without.insert(source.to_owned());
    let rows = institutions::drop_rows(&mut bench.world, |fact| fact.source == source);
    bench.options.lenses.remove(source);
    if new {
        Ok(vec![format!("{rows} dated rows of its own are gone")])
    } else {
        Err("it is silent already".to_owned())
    }
}
