//! Days, partial dates and half-open intervals whose answer may be "unknown".
//!
//! Nothing here reads a clock: every day is given by somebody.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

/// One day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The first day of the year 1: before everything.
    pub const FIRST: Day = Day(Date::constant(1, 1, 1));

    /// The last day of the year 9000: after everything.
    pub const LAST: Day = Day(Date::constant(9000, 12, 31));

    /// The day of a year, month (1 to 12) and day of the month; `None` if there is no such day or the year is not within 1 to 9000.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        (1..=9000).contains(&year).then(|| Date::new(year, month, day).ok().map(Day)).flatten()
    }

    /// The day after this one.
    pub fn next(self) -> Self {
        Day(self.0.saturating_add(1.day()))
    }

    /// Its year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// How many days it lies after another day; below zero if it lies before.
    pub fn days_after(self, other: Day) -> i32 {
        (self.0 - other.0).get_days()
    }

    /// The day as a point on a line of years: 1999-07-02 is about 1999.5.
    pub fn years(self) -> f64 {
        f64::from(self.0.year()) + f64::from(self.0.day_of_year() - 1) / f64::from(self.0.days_in_year())
    }

    /// The day before this one.
    pub fn previous(self) -> Self {
        Day(self.0.yesterday().unwrap_or(self.0))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A date as a source gives it: a year, a month or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartialDate {
    /// Some day of this year.
    Year(i16),
    /// Some day of this month.
    Month(i16, i8),
    /// This day.
    Day(Day),
}

impl PartialDate {
    /// Reads `1999`, `1999-08` or `1999-08-22`.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        match parts.as_slice() {
            [year] if digits(year, 4) => {
                let year = year.parse().ok()?;
                Day::new(year, 1, 1).map(|_| PartialDate::Year(year))
            }
            [year, month] if digits(year, 4) && digits(month, 2) => {
                let (year, month) = (year.parse().ok()?, month.parse().ok()?);
                Day::new(year, month, 1).map(|_| PartialDate::Month(year, month))
            }
            [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
                Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).map(PartialDate::Day)
            }
            _ => None,
        }
    }

    /// The first day that it may mean.
    pub fn first(self) -> Day {
        match self {
            // INVARIANT: a year or month is only built by `parse`, which checked that its first day exists.
            PartialDate::Year(year) => Day(Date::constant(year, 1, 1)),
            PartialDate::Month(year, month) => Day(Date::constant(year, month, 1)),
            PartialDate::Day(day) => day,
        }
    }

    /// The last day that it may mean.
    pub fn last(self) -> Day {
        match self {
            PartialDate::Year(year) => Day(Date::constant(year, 12, 31)),
            PartialDate::Month(..) => Day(self.first().0.last_of_month()),
            PartialDate::Day(day) => day,
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PartialDate::Year(year) => write!(f, "{year:04}"),
            PartialDate::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            PartialDate::Day(day) => day.fmt(f),
        }
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One end of an interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bound {
    /// Nothing is said: since the beginning, or with no end.
    #[default]
    Silent,
    /// It is said that nobody knows.
    Unknown,
    /// It never began (a signature that was never followed by anything).
    Never,
    /// On this date.
    On(PartialDate),
}

/// Where a day lies with regard to an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// Before it.
    NotYet,
    /// In it.
    Yes,
    /// After it.
    Lapsed,
    /// It never began.
    Never,
    /// The dates do not tell.
    Unknown,
}

/// A half-open interval: `from` is the first day on which it holds, `until` the first on which it no longer does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    /// First day.
    pub from: Bound,
    /// First day after it.
    pub until: Bound,
}

impl Interval {
    /// Where `day` lies. Inside a span known only to its month or year the answer is [`Held::Unknown`].
    pub fn held(&self, day: Day) -> Held {
        let begun = match self.from {
            Bound::Silent => Some(true),
            Bound::Never => return Held::Never,
            Bound::Unknown => None,
            Bound::On(date) => since(date, day),
        };
        let ended = match self.until {
            Bound::Silent | Bound::Never => Some(false),
            Bound::Unknown => None,
            Bound::On(date) => since(date, day),
        };
        match (begun, ended) {
            (Some(false), _) => Held::NotYet,
            (_, Some(true)) => Held::Lapsed,
            (Some(true), Some(false)) => Held::Yes,
            _ => Held::Unknown,
        }
    }

    /// The days nearest to `day` on which the answer of [`Interval::held`] changes: the last one up to it, and the first
    /// one after it.
    pub fn turns(&self, day: Day) -> (Option<Day>, Option<Day>) {
        let held = self.held(day);
        let (mut from, mut until) = (None, None);
        // Between one of these days and the next the answer stays.
        for turn in self.dates().flat_map(|date| [date.first(), date.last()]) {
            if turn > day {
                if until.is_none_or(|known| turn < known) && self.held(turn) != held {
                    until = Some(turn);
                }
            } else if from.is_none_or(|known| turn > known) && self.held(turn.previous()) != held {
                from = Some(turn);
            }
        }
        (from, until)
    }

    /// The dates at which the answer may change.
    pub fn dates(&self) -> impl Iterator<Item = PartialDate> + use<> {
        [self.from, self.until].into_iter().filter_map(|bound| match bound {
            Bound::On(date) => Some(date),
            _ => None,
        })
    }
}

/// Whether `day` is on or after some day that `date` may mean; `None` if that depends on the day meant.
fn since(date: PartialDate, day: Day) -> Option<bool> {
    if day < date.first() {
        Some(false)
    } else if day >= date.last() {
        Some(true)
    } else {
        None
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.until) {
            (Bound::Never, _) => write!(f, "never in force"),
            (Bound::Silent, Bound::Silent) => write!(f, "undated"),
            (Bound::On(from), Bound::Silent) => write!(f, "since {from}"),
            (Bound::Unknown, Bound::Silent) => write!(f, "since an unknown day"),
            (from, until) => {
                let show = |bound: Bound| match bound {
                    Bound::On(date) => date.to_string(),
                    Bound::Unknown => "unknown".to_owned(),
                    Bound::Silent | Bound::Never => "..".to_owned(),
                };
                write!(f, "{} until {}", show(from), show(until))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        match PartialDate::parse(text) {
            Some(PartialDate::Day(day)) => day,
            other => panic!("not a day: {text} is {other:?}"),
        }
    }

    fn on(text: &str) -> Bound {
        Bound::On(PartialDate::parse(text).unwrap_or_else(|| panic!("not a date: {text}")))
    }

    #[test]
    fn partial_dates_print_as_they_are_read_and_nonsense_is_refused() {
        for text in ["1999", "1999-08", "1999-08-22", "2024-02-29"] {
            assert_eq!(PartialDate::parse(text).map(|date| date.to_string()).as_deref(), Some(text));
        }
        for text in ["99", "1999-13", "1999-8", "1999-02-30", "0000", "1999-08-22T00:00", "", "+199"] {
            assert_eq!(PartialDate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_interval_is_half_open_and_unknown_inside_a_partial_bound() {
        let interval = Interval { from: on("2006-06-23"), until: on("2012") };
        for (text, held) in [
            ("2006-06-22", Held::NotYet),
            ("2006-06-23", Held::Yes),
            ("2011-12-31", Held::Yes),
            ("2012-01-01", Held::Unknown),
            ("2012-12-30", Held::Unknown),
            ("2012-12-31", Held::Lapsed),
        ] {
            assert_eq!(interval.held(day(text)), held, "{text}");
        }
        let unknown = Interval { from: Bound::Unknown, until: on("2000-01-01") };
        assert_eq!(unknown.held(day("1999-01-01")), Held::Unknown);
        assert_eq!(unknown.held(day("2000-01-01")), Held::Lapsed, "what has surely ended is known to have ended");
        let never = Interval { from: Bound::Never, until: Bound::Silent };
        assert_eq!(never.held(day("1999-01-01")), Held::Never);
    }

    #[test]
    fn the_turns_of_an_interval_are_the_days_on_which_its_answer_changes() {
        let bounds = ["2006-06-23", "2006", "2006-06", "2012", "2001-01-31"].map(on);
        let bounds = bounds.into_iter().chain([Bound::Silent, Bound::Unknown, Bound::Never]);
        for (from, until) in bounds.clone().flat_map(|from| bounds.clone().map(move |until| (from, until))) {
            let interval = Interval { from, until };
            let mut now = day("2000-01-01");
            let (mut since, mut next) = (None, interval.turns(now).1);
            while now < day("2013-02-01") {
                if interval.held(now) != interval.held(now.previous()) {
                    assert_eq!(next, Some(now), "{interval} should have said that it turns");
                    since = Some(now);
                    next = interval.turns(now).1;
                }
                assert_eq!(interval.turns(now), (since, next), "{interval} on {now}");
                now = now.next();
            }
        }
    }
}
