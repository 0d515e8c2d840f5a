//! The day on which the world is read: the one place where anything is compared with it, and the record of how far the
//! comparisons reach.
//!
//! Every comparison narrows the horizon: the stretch of days on which everything compared so far comes out alike. What a
//! computation concludes on one day it concludes on every day of its horizon. What is not read does not cut it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::date::{Day, Held, Interval};
use crate::world::Id;

/// A day, with the horizon of what is compared with it. Copies share the horizon.
#[derive(Clone, Debug)]
pub struct Today {
    day: Day,
    horizon: Rc<RefCell<Horizon>>,
}

/// A thing with dates.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dated {
    /// A row, by its id.
    Row(Id),
    /// The time in which a body was there.
    Body(Id),
    /// The time in which an instrument is in force.
    Instrument(Id),
    /// The signature of an instrument.
    Signed(Id),
    /// The provisional application of an instrument.
    Provisional(Id),
    /// The signature of a party, by the id of its row.
    SignedBy(Id),
    /// A date that a rule names.
    Rule(Day),
}

/// A thing that is not on one day what it was on the day before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    /// The thing.
    pub what: Dated,
    /// How the day before lies to it.
    pub was: Held,
    /// How the day itself lies to it.
    pub now: Held,
}

/// The days around a day on which everything compared comes out alike, half-open; and what was asked about the threat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Horizon {
    /// The first of them; `None`: since the beginning.
    pub from: Option<Day>,
    /// What turned on the first of them.
    pub opens: BTreeSet<Turn>,
    /// The first day after them; `None`: without end.
    pub until: Option<Day>,
    /// What turns on the first day after them.
    pub closes: BTreeSet<Turn>,
    /// Lists of threats with whether the case's threat is one of them, or a kind of one.
    pub threats: BTreeMap<Vec<Id>, bool>,
}

impl Horizon {
    /// Whether a day is one of them.
    pub fn contains(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }

    /// Keeps the days that are in both, which contain one day in common, and all that was asked.
    pub fn narrow(&mut self, other: &Horizon) {
        for turn in &other.opens {
            self.opened(other.from, || turn.clone());
        }
        for turn in &other.closes {
            self.closed(other.until, || turn.clone());
        }
        for (threats, holds) in &other.threats {
            self.asked(threats, *holds);
        }
    }

    fn asked(&mut self, threats: &[Id], holds: bool) {
        if !self.threats.contains_key(threats) {
            self.threats.insert(threats.to_vec(), holds);
        }
    }

    fn opened(&mut self, day: Option<Day>, turn: impl FnOnce() -> Turn) {
        if day.is_none() || day < self.from {
            return;
        }
        if day > self.from {
            self.from = day;
            self.opens.clear();
        }
        self.opens.insert(turn());
    }

    fn closed(&mut self, day: Option<Day>, turn: impl FnOnce() -> Turn) {
        let Some(day) = day else { return };
        if self.until.is_some_and(|until| until < day) {
            return;
        }
        if self.until != Some(day) {
            self.until = Some(day);
            self.closes.clear();
        }
        self.closes.insert(turn());
    }
}

impl Today {
    /// A day that nothing has been compared with.
    pub fn new(day: Day) -> Self {
        Today { day, horizon: Rc::default() }
    }

    /// The day, for words. What depends on it has to be asked through [`Today::held`] or [`Today::reached`].
    pub fn named(&self) -> Day {
        self.day
    }

    /// The horizon of everything compared so far.
    pub fn horizon(&self) -> Horizon {
        self.horizon.borrow().clone()
    }

    /// Takes in what was read elsewhere for the same day.
    pub fn narrow(&self, other: &Horizon) {
        self.horizon.borrow_mut().narrow(other);
    }

    /// Computes something, with the horizon of what is read for it alone.
    pub fn apart<T>(&self, compute: impl FnOnce() -> T) -> (T, Horizon) {
        let before = self.horizon.take();
        let computed = compute();
        let own = self.horizon.replace(before);
        self.narrow(&own);
        (computed, own)
    }

    /// Notes whether the case's threat is one of these, or a kind of one.
    pub fn asked(&self, threats: &[Id], holds: bool) -> bool {
        self.horizon.borrow_mut().asked(threats, holds);
        holds
    }

    /// Where the day lies with regard to an interval.
    pub fn held(&self, interval: Interval, what: impl Fn() -> Dated) -> Held {
        let now = interval.held(self.day);
        let (from, until) = interval.turns(self.day);
        if from.is_some() || until.is_some() {
            let mut horizon = self.horizon.borrow_mut();
            horizon.opened(from, || {
                let was = from.map_or(now, |from| interval.held(from.previous()));
                Turn { what: what(), was, now }
            });
            horizon.closed(until, || {
                let next = until.map_or(now, |until| interval.held(until));
                Turn { what: what(), was: now, now: next }
            });
        }
        now
    }

    /// Whether the day is a given one, or later.
    pub fn reached(&self, day: Day, what: impl FnOnce() -> Dated) -> bool {
        let turn = || Turn { what: what(), was: Held::NotYet, now: Held::Yes };
        let mut horizon = self.horizon.borrow_mut();
        if self.day < day {
            horizon.closed(Some(day), turn);
            false
        } else {
            horizon.opened(Some(day), turn);
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::{Bound, PartialDate};

    fn day(text: &str) -> Day {
        PartialDate::parse(text).expect("a date").first()
    }

    fn on(text: &str) -> Bound {
        Bound::On(PartialDate::parse(text).expect("a date"))
    }

    #[test]
    fn the_horizon_ends_at_the_nearest_days_on_which_a_comparison_turns() {
        let today = Today::new(day("2005-01-01"));
        let row = |id: &str| Dated::Row(id.to_owned());
        assert_eq!(today.horizon(), Horizon::default());
        assert_eq!(today.held(Interval { from: on("1992-05-15"), until: on("2012-06-28") }, || row("a")), Held::Yes);
        assert_eq!(today.held(Interval { from: on("1999"), until: Bound::Silent }, || row("b")), Held::Yes);
        assert!(!today.reached(day("2030-01-01"), || row("c")));
        let horizon = today.horizon();
        assert_eq!((horizon.from, horizon.until), (Some(day("1999-12-31")), Some(day("2012-06-28"))));
        assert_eq!(horizon.opens, [Turn { what: row("b"), was: Held::Unknown, now: Held::Yes }].into());
        assert_eq!(horizon.closes, [Turn { what: row("a"), was: Held::Yes, now: Held::Lapsed }].into());
        assert!(horizon.contains(day("1999-12-31")) && !horizon.contains(day("2012-06-28")));
    }

    #[test]
    fn what_ends_the_stretch_on_the_same_day_is_kept_together() {
        let (one, other) = (Today::new(day("2005-01-01")), Today::new(day("2005-01-01")));
        let row = |id: &str| Dated::Row(id.to_owned());
        one.reached(day("2004-01-01"), || row("a"));
        other.reached(day("2004-01-01"), || row("b"));
        other.reached(day("2003-01-01"), || row("c"));
        let mut both = one.horizon();
        both.narrow(&other.horizon());
        assert_eq!(both.opens.len(), 2);
        assert_eq!((both.from, both.until), (Some(day("2004-01-01")), None));
    }
}
