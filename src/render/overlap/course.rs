//! Overlap over time: one step line for each pair, or the three measures of one pair, each with its name at its end.

use super::svg::{Anchor, Picture, px};
use super::{clip, figure, foremost_courses, states, title};
use crate::date::Day;
use crate::overlap::{Course, Overlap, Range, Series};

/// The size of a slide.
const SIZE: (f64, f64) = (1280.0, 720.0);
/// The field that is drawn in: left, top, right, bottom.
const FIELD: (f64, f64, f64, f64) = (76.0, 104.0, 890.0, 620.0);
/// Space between names at the ends of lines.
const APART: f64 = 24.0;
/// How lines are told apart: by their dashes, and by colours of different lightness.
const LOOKS: &[(&str, &str)] = &[
    ("#000000", ""),
    ("#0059a3", "12 5"),
    ("#b34700", "2 4"),
    ("#00704f", "14 4 2 4"),
    ("#6a2c8c", "6 3"),
    ("#666666", "20 6"),
];

/// One line of the picture.
struct Trace {
    name: String,
    /// From, until, value.
    steps: Vec<(Day, Day, Range)>,
}

/// Steps over time: the foremost pairs, or one pair in both directions.
pub(super) fn steps(overlap: &Overlap, series: &Series) -> String {
    let courses = foremost_courses(series);
    let traces: Vec<Trace> = match (&series.between, courses.first()) {
        (Some(_), Some(pair)) => vec![
            trace(pair, "weighted".to_owned(), |own| own.weighted),
            trace(pair, format!("{} to {}", pair.a, pair.b), |own| own.a_to_b),
            trace(pair, format!("{} to {}", pair.b, pair.a), |own| own.b_to_a),
        ],
        _ => courses.iter().map(|own| trace(own, format!("{}, {}", own.a, own.b), |own| own.weighted)).collect(),
    };
    let top = ceiling(&traces);
    let scale = Scale {
        from: series.from,
        until: series.until,
        days: f64::from(series.until.days_after(series.from).max(1)),
        top,
    };
    let mut picture = Picture::new(SIZE.0, SIZE.1);
    picture.text((24.0, 42.0), 26.0, Anchor::Start, "#000", true, &title(overlap));
    picture.text((24.0, 70.0), 16.0, Anchor::Start, "#333", false, &subtitle(overlap, series));
    axes(&mut picture, &scale, series);
    for (trace, (colour, dashes)) in traces.iter().zip(LOOKS) {
        draw(&mut picture, &scale, trace, colour, dashes);
    }
    names(&mut picture, &scale, &traces);
    let words = "Lines: the lowest value that the record allows. Shade: up to the highest that it allows.";
    picture.text((24.0, SIZE.1 - 44.0), 14.0, Anchor::Start, "#333", false, words);
    picture.text((24.0, SIZE.1 - 22.0), 14.0, Anchor::Start, "#333", false, super::REMARK);
    if traces.is_empty() {
        picture.text((FIELD.0 + 20.0, FIELD.1 + 40.0), 18.0, Anchor::Start, "#000", false, "Nothing can be compared.");
    }
    picture.finish(&title(overlap), &description(&traces))
}

fn trace(course: &Course, name: String, measure: impl Fn(&crate::overlap::Figures) -> Range) -> Trace {
    Trace { name, steps: course.spans.iter().map(|own| (own.from, own.until, measure(&own.figures))).collect() }
}

fn subtitle(overlap: &Overlap, series: &Series) -> String {
    let (states, beside) = (states(overlap), if series.between.is_some() { " and directed" } else { "" });
    format!("weighted{beside} overlap: share of shared {states} × share of shared functions of mandates in force")
}

/// The lowest round value that nothing exceeds.
fn ceiling(traces: &[Trace]) -> f64 {
    let peak = traces.iter().flat_map(|own| &own.steps).map(|(_, _, range)| range.highest).fold(0.0, f64::max);
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8].into_iter().find(|round| peak <= *round).unwrap_or(1.0)
}

struct Scale {
    from: Day,
    until: Day,
    days: f64,
    top: f64,
}

impl Scale {
    fn x(&self, day: Day) -> f64 {
        FIELD.0 + (FIELD.2 - FIELD.0) * f64::from(day.days_after(self.from)) / self.days
    }

    fn y(&self, value: f64) -> f64 {
        FIELD.3 - (FIELD.3 - FIELD.1) * value / self.top
    }
}

fn axes(picture: &mut Picture, scale: &Scale, series: &Series) {
    let step = if scale.top <= 0.2 {
        0.05
    } else if scale.top <= 0.6 {
        0.1
    } else {
        0.2
    };
    let lines = (scale.top / step).round() as u32;
    for index in 0..=lines {
        let value = f64::from(index) * step;
        let y = scale.y(value);
        picture.line((FIELD.0, y), (FIELD.2, y), if index == 0 { "#000" } else { "#ddd" }, 1.0);
        picture.text((FIELD.0 - 10.0, y + 5.0), 15.0, Anchor::End, "#333", false, &format!("{value:.2}"));
    }
    let (first, last) = (series.from.year(), series.until.year());
    let years = i32::from(last - first);
    let every = [1, 2, 5, 10, 20, 50].into_iter().find(|every| years <= 12 * every).unwrap_or(100);
    let starts = (first..=last).filter(|year| i32::from(*year) % every == 0).filter_map(|year| Day::new(year, 1, 1));
    for day in starts.filter(|day| *day >= series.from && *day <= series.until) {
        let x = scale.x(day);
        picture.line((x, FIELD.3), (x, FIELD.3 + 6.0), "#000", 1.0);
        picture.text((x, FIELD.3 + 26.0), 15.0, Anchor::Middle, "#333", false, &day.year().to_string());
    }
}

/// A line at the lowest value that the record allows, and a shade up to the highest where it allows more.
fn draw(picture: &mut Picture, scale: &Scale, trace: &Trace, colour: &str, dashes: &str) {
    let mut path = String::new();
    // Where the line stands: the end of the step before.
    let mut pen: Option<Day> = None;
    for (from, until, range) in &trace.steps {
        let (left, right) = (scale.x(*from), scale.x(*until));
        let (top, bottom) = (scale.y(range.highest), scale.y(range.lowest));
        if range.known().is_none() {
            let look = format!("fill=\"{colour}\" fill-opacity=\"0.13\"");
            let told = format!("{}: {} from {from} until {until}", trace.name, figure(*range));
            picture.rectangle((left, top), (right - left, bottom - top), &look, &told);
        }
        let y = px(bottom);
        let start = if pen == Some(*from) { format!("V{y}") } else { format!("M{} {y}", px(left)) };
        path.push_str(&format!("{start}H{}", px(right)));
        pen = Some(*until);
    }
    if !path.is_empty() {
        picture.path(&path, &look(colour, dashes));
    }
}

fn look(colour: &str, dashes: &str) -> String {
    let dashes = if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dashes}\"") };
    format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"3\"{dashes}")
}

/// The name of each line beside its end, moved apart, with a lead and a sample of the line.
fn names(picture: &mut Picture, scale: &Scale, traces: &[Trace]) {
    let ends = traces.iter().zip(LOOKS).filter_map(|(trace, look)| {
        let (_, until, range) = trace.steps.last()?;
        Some((trace, look, (scale.x(*until), scale.y(range.lowest)), *range, *until))
    });
    let mut ends: Vec<_> = ends.collect();
    ends.sort_by(|one, two| one.2.1.total_cmp(&two.2.1).then_with(|| one.0.name.cmp(&two.0.name)));
    // Names keep their order; the lowest has room above the axis for all of them.
    let mut places: Vec<f64> = ends.iter().map(|(_, _, (_, y), ..)| *y).collect();
    let mut floor = FIELD.3 + 4.0;
    for place in places.iter_mut().rev() {
        *place = place.min(floor);
        floor = *place - APART;
    }
    let mut roof = f64::NEG_INFINITY;
    for place in &mut places {
        *place = place.max(roof);
        roof = *place + APART;
    }
    for ((trace, (colour, dashes), end, range, until), y) in ends.into_iter().zip(places) {
        let x = FIELD.2 + 24.0;
        picture.line((end.0 + 2.0, end.1), (x - 2.0, y), "#bbb", 1.0);
        picture.path(&format!("M{} {}h36", px(x), px(y)), &look(colour, dashes));
        let ended = if until < scale.until { format!(", to {}", until.year()) } else { String::new() };
        let name = format!("{} {}{ended}", clip(&trace.name, 26), figure(range));
        picture.text((x + 44.0, y + 5.0), 15.0, Anchor::Start, colour, true, &name);
    }
}

fn description(traces: &[Trace]) -> String {
    let said = traces.iter().filter_map(|own| {
        let ((from, _, first), (_, until, last)) = (own.steps.first()?, own.steps.last()?);
        Some(format!("{}: {} from {from}, {} before {until}", own.name, figure(*first), figure(*last)))
    });
    let said: Vec<String> = said.collect();
    format!("A step chart of overlap, 0 to 1, over time. {}.", said.join("; "))
}
