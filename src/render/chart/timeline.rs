//! The chart of a timeline: a band per cell for what it is on paper, a thinner one below it for what is available.

use std::collections::BTreeSet;

use super::ink::{EMPTY, Ink, TEXT, Type, fill, spread, width, word, years};
use crate::timeline::{Row, Stretch, Timeline, settled};

const WIDTH: f64 = 1280.0;
const LEFT: f64 = 250.0;
const RIGHT: f64 = 1244.0;
/// Heights: a band on paper, a band available, and from one row to the next.
const PAPER: f64 = 22.0;
const AVAILABLE: f64 = 10.0;
const ROW: f64 = 46.0;
const GROUP: f64 = 30.0;
/// Room for the turned dates above the bands.
const DATES: f64 = 92.0;
const DIM: &str = "#5b5b55";
const OWN: &str = "#111111";

/// The chart in a sentence.
pub fn caption(found: &Timeline) -> String {
    let dates = found.changes.iter().filter(|change| change.shows()).count();
    format!(
        "{}: {} cells through time; answers move on {dates} dates. Upper band: on paper; lower band: available.",
        found.title,
        found.rows.len()
    )
}

/// Room at the left for what lies long before the rest.
const BEFORE: f64 = 64.0;

/// Time as it lies on the page: evenly, but for long empty times at the beginning, which are drawn together.
struct Scale {
    first: f64,
    /// Where the even part begins, if not at the beginning.
    even: Option<f64>,
    last: f64,
}

impl Scale {
    fn new(found: &Timeline) -> Scale {
        let moves = found.changes.iter().filter(|change| change.shows()).map(|change| &change.date);
        let mut inside: Vec<f64> = moves.chain([&found.date]).filter_map(|date| years(date)).collect();
        inside.sort_by(f64::total_cmp);
        let least = inside.first().copied().unwrap_or_default();
        let most = inside.last().copied().unwrap_or_default();
        let last = found.until.as_deref().and_then(years);
        let room = ((last.unwrap_or(most) - least) * 0.03).max(0.3);
        let first = found.from.as_deref().and_then(years).unwrap_or(least - room);
        let last = last.unwrap_or(most + room).max(first + 0.1);
        // An empty time longer than all that follows, before the middle of what is shown, is drawn together.
        let gaps = inside.iter().zip(inside.iter().skip(1));
        let even =
            gaps.filter(|(a, b)| *b - *a > (last - *b) * 0.8 && *b - *a > 10.0 && **b < (first + last * 3.0) / 4.0);
        let even = even
            .map(|(_, b)| b - (last - b) * 0.02)
            .fold(None, |old: Option<f64>, own| Some(old.map_or(own, |old| old.max(own))));
        Scale { first, even, last }
    }

    /// Where the even part begins on the page.
    fn left(&self) -> f64 {
        if self.even.is_some() { LEFT + BEFORE } else { LEFT }
    }

    fn x(&self, year: f64) -> f64 {
        let even = self.even.unwrap_or(self.first);
        if year >= even {
            let part = (year - even) / (self.last - even);
            return self.left() + part.clamp(0.0, 1.0) * (RIGHT - self.left());
        }
        LEFT + ((year - self.first) / (even - self.first)).clamp(0.0, 1.0) * BEFORE
    }

    fn of(&self, date: &str) -> f64 {
        years(date).map_or(LEFT, |year| self.x(year))
    }
}

/// The chart as one `svg` element.
pub fn timeline(found: &Timeline) -> String {
    let mut ink = Ink::new();
    let scale = Scale::new(found);
    ink.text(24.0, 38.0, &found.title, Type { size: 24.0, bold: true, ..TEXT });
    let lens = if found.lenses.is_empty() { String::new() } else { format!(" Through {}.", found.lenses.join(", ")) };
    let remark =
        format!("The case goes with the day; only the world changes.{lens} What texts allow, not what would work.");
    ink.text(24.0, 60.0, &remark, Type { colour: DIM, ..TEXT });
    let at = ink.legend(24.0, 88.0, found.rows.iter().any(absent));
    ink.text(
        at + 4.0,
        88.0,
        "upper band: on paper, lower: available; a white cut: other holders",
        Type { colour: DIM, ..TEXT },
    );
    let top = 104.0 + DATES;
    let places = places(found, top);
    let bottom = places.iter().map(|place| place.y + PAPER + AVAILABLE + 10.0).fold(top, f64::max);
    for place in &places {
        row(&mut ink, &scale, place, scale.of(&found.date));
    }
    dates(&mut ink, &scale, found, top, bottom);
    axis(&mut ink, &scale, found, top, bottom);
    let says = places.iter().map(|place| said(place.row)).collect::<Vec<_>>().join(" ");
    ink.finish(WIDTH, bottom + 66.0, &caption(found), &says)
}

/// Whether a row's function is not needed on some day.
fn absent(row: &Row) -> bool {
    let ends = |own: Option<&Stretch>, end: fn(&Stretch) -> bool| own.is_none_or(end);
    ends(row.on_paper.first(), |own| own.from.is_some())
        || ends(row.on_paper.last(), |own| own.until.is_some())
        || row.on_paper.iter().zip(row.on_paper.iter().skip(1)).any(|(own, next)| own.until != next.from)
}

/// A row with the place of its upper edge; the first of a case or an account has the name of the group above it.
struct Place<'a> {
    row: &'a Row,
    y: f64,
    group: Option<String>,
}

fn places(found: &Timeline, top: f64) -> Vec<Place<'_>> {
    let groups: BTreeSet<(&String, Option<&String>)> =
        found.rows.iter().map(|row| (&row.case, row.account.as_ref())).collect();
    let several = groups.len() > 1;
    let mut before = None;
    let mut y = top + 8.0;
    let mut places = Vec::new();
    for row in &found.rows {
        let own = (&row.case, row.account.as_ref());
        let new = several && before != Some(own);
        before = Some(own);
        if new {
            y += GROUP;
        }
        let group = new.then(|| match &row.account {
            Some(account) => format!("{}, account {account}", row.case),
            None => row.case.clone(),
        });
        places.push(Place { row, y, group });
        y += ROW;
    }
    places
}

/// The middle of a word within a stretch, beside the line of the scenario's own date where that would cross it.
fn room([from, until]: [f64; 2], width: f64, line: f64) -> Option<f64> {
    let middle = f64::midpoint(from, until);
    if until - from < width {
        return None;
    }
    if (middle - line).abs() > width / 2.0 {
        return Some(middle);
    }
    let sides = [(from, line), (line, until)].map(|(from, until)| (until - from, f64::midpoint(from, until)));
    let wide = sides.into_iter().filter(|(room, _)| *room >= width);
    wide.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, middle)| middle)
}

fn row(ink: &mut Ink, scale: &Scale, place: &Place<'_>, own_date: f64) {
    let Place { row, y, group } = place;
    if let Some(group) = group {
        ink.text(24.0, y - 10.0, group, Type { size: 15.0, bold: true, colour: DIM, ..TEXT });
    }
    ink.text(24.0, y + 17.0, &row.function, Type { size: 16.0, bold: true, ..TEXT });
    ink.text(LEFT - 14.0, y + 17.0, &row.state, Type { colour: DIM, anchor: "end", ..TEXT });
    for (stretches, top, height, how) in
        [(&row.on_paper, *y, PAPER, "on paper"), (&row.available, y + PAPER + 2.0, AVAILABLE, "available")]
    {
        let says = format!("{} for {}: not needed", row.function, row.state);
        ink.rect([LEFT, top, RIGHT - LEFT, height], EMPTY, "none", &says);
        for own in &settled(stretches) {
            let from = own.from.as_deref().map_or(LEFT, |date| scale.of(date));
            let until = own.until.as_deref().map_or(RIGHT, |date| scale.of(date));
            ink.rect([from, top, until - from, height], fill(own.answer), "#ffffff", &tooltip(row, how, own));
        }
        if height < PAPER {
            continue;
        }
        for (from, until, own) in alike(stretches) {
            let (from, until) = (from.map_or(LEFT, |date| scale.of(date)), until.map_or(RIGHT, |date| scale.of(date)));
            let word = word(own.answer);
            let how = Type { size: 13.0, bold: true, anchor: "middle", rim: true, ..TEXT };
            if let Some(x) = room([from, until], width(word, 13.0) + 10.0, own_date) {
                ink.text(x, y + 16.0, word, how);
            }
        }
    }
}

/// Neighbouring stretches of one answer, with where they begin and end together.
fn alike(stretches: &[Stretch]) -> Vec<(Option<&str>, Option<&str>, &Stretch)> {
    let mut found: Vec<(Option<&str>, Option<&str>, &Stretch)> = Vec::new();
    for own in stretches {
        match found.last_mut() {
            Some((_, until, before)) if before.answer == own.answer && *until == own.from.as_deref() => {
                *until = own.until.as_deref();
            }
            _ => found.push((own.from.as_deref(), own.until.as_deref(), own)),
        }
    }
    found
}

fn tooltip(row: &Row, how: &str, own: &Stretch) -> String {
    let when = match (&own.from, &own.until) {
        (Some(from), Some(until)) => format!("from {from} until {until}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("until {until}"),
        (None, None) => "all the time".to_owned(),
    };
    let lines = if own.lines.is_empty() { String::new() } else { format!(" ({})", own.lines.join(", ")) };
    format!("{} for {}, {how}: {}{lines}, {when}", row.function, row.state, word(own.answer))
}

fn said(row: &Row) -> String {
    let stretches: Vec<String> = alike(&row.on_paper)
        .into_iter()
        .map(|(from, _, own)| match from {
            Some(from) => format!("from {from} {}", word(own.answer)),
            None => format!("at first {}", word(own.answer)),
        })
        .collect();
    format!("{} for {}, on paper: {}.", row.function, row.state, stretches.join(", "))
}

/// A hairline for every date on which an answer moves; labels are pushed apart and led to their line.
fn dates(ink: &mut Ink, scale: &Scale, found: &Timeline, top: f64, bottom: f64) {
    const APART: f64 = 15.0;
    let shown: Vec<&str> =
        found.changes.iter().filter(|change| change.shows()).map(|change| change.date.as_str()).collect();
    let lines: Vec<f64> = shown.iter().map(|date| scale.of(date)).collect();
    for x in &lines {
        ink.line(&[(*x, top), (*x, bottom)], "#8a8a83", 0.7, "2 3");
    }
    // Where there are too many to be read, every second or third one is named.
    #[expect(clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "a small positive number of labels")]
    let room = ((RIGHT - LEFT) / APART) as usize;
    let every = shown.len().div_ceil(room.max(1)).max(1);
    let named: Vec<(&str, f64)> = shown.iter().copied().zip(lines).step_by(every).collect();
    let wished: Vec<f64> = named.iter().map(|(_, x)| *x).collect();
    for ((date, x), place) in named.iter().zip(spread(&wished, APART, LEFT + 4.0, RIGHT)) {
        ink.line(&[(place, top - 18.0), (*x, top - 4.0), (*x, top)], "#8a8a83", 0.7, "");
        ink.text(place + 4.0, top - 22.0, date, Type { size: 12.5, turn: -90.0, ..TEXT });
    }
}

/// Years below, and the scenario's own date.
fn axis(ink: &mut Ink, scale: &Scale, found: &Timeline, top: f64, bottom: f64) {
    ink.line(&[(LEFT, bottom), (RIGHT, bottom)], DIM, 1.0, "");
    let begin = scale.even.unwrap_or(scale.first);
    if scale.even.is_some() {
        let x = scale.left();
        ink.rect([x - 7.0, bottom - 2.0, 9.0, 4.0], "#ffffff", "none", "");
        for shift in [-6.0, 0.0] {
            ink.line(&[(x + shift - 3.0, bottom + 8.0), (x + shift + 3.0, bottom - 8.0)], DIM, 1.4, "");
        }
        ink.text(LEFT, bottom + 20.0, "earlier", Type { size: 13.0, colour: DIM, ..TEXT });
    }
    let span = scale.last - begin;
    let every =
        [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0].into_iter().find(|every| span / every <= 12.0).unwrap_or(500.0);
    let mut year = (begin / every).ceil() * every;
    while year <= scale.last {
        let x = scale.x(year);
        ink.line(&[(x, bottom), (x, bottom + 6.0)], DIM, 1.0, "");
        // The line of the scenario's own date runs through here.
        if (x - scale.of(&found.date)).abs() > 20.0 {
            let how = Type { size: 13.0, anchor: "middle", colour: DIM, ..TEXT };
            ink.text(x, bottom + 20.0, &format!("{year:.0}"), how);
        }
        year += every;
    }
    let x = scale.of(&found.date);
    ink.line(&[(x, top), (x, bottom + 26.0)], OWN, 2.2, "");
    ink.shape(&[(x, bottom + 22.0), (x - 7.0, bottom + 36.0), (x + 7.0, bottom + 36.0)], OWN);
    let anchor = if x > RIGHT - 120.0 {
        "end"
    } else if x < LEFT + 120.0 {
        "start"
    } else {
        "middle"
    };
    let label = format!("the scenario's own date: {}", found.date);
    ink.text(x, bottom + 52.0, &label, Type { bold: true, anchor, ..TEXT });
}
