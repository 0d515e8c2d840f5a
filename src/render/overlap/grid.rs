//! The heat map of a day: the lower half of a matrix, each field with its number, darker where the overlap is greater.

use super::svg::{Anchor, Picture};
use super::{figure, foremost, of, states, title};
use crate::overlap::{Dyad, Overlap, Overlaps, Snapshot};

/// Lines that a slide holds with readable numbers.
const MOST: usize = 22;
/// Width of the picture.
const WIDTH: f64 = 1280.0;
/// Room for the names beside the rows.
const NAMES: f64 = 210.0;
/// Room for the title above.
const HEAD: f64 = 96.0;

/// The weighted overlap of every pair of lines that overlap with any.
pub(super) fn heat_map(overlap: &Overlap, snapshot: &Snapshot) -> String {
    let shown = foremost(snapshot, MOST);
    let count = shown.len().max(1);
    let wide = ((WIDTH - NAMES - 60.0) / count as f64).min(72.0);
    let high = wide.clamp(26.0, 44.0) * 0.8;
    let height = HEAD + high * count as f64 + 110.0;
    let mut picture = Picture::new(WIDTH, height);
    picture.text((24.0, 42.0), 26.0, Anchor::Start, "#000", true, &title(overlap));
    let said =
        format!("weighted: share of shared {0} in the {0} of either × share of shared functions", states(overlap));
    picture.text((24.0, 70.0), 16.0, Anchor::Start, "#333", false, &said);
    if shown.is_empty() {
        picture.text((24.0, HEAD + 24.0), 18.0, Anchor::Start, "#000", false, "No two organisations overlap.");
    }
    for (row, one) in shown.iter().enumerate() {
        let y = HEAD + high * row as f64;
        picture.text((NAMES - 10.0, y + high * 0.68), 15.0, Anchor::End, "#000", true, one);
        for (column, two) in shown.iter().enumerate().take(row) {
            let x = NAMES + wide * column as f64;
            if let Some(dyad) = of(snapshot, one, two) {
                field(&mut picture, (x, y), (wide, high), dyad);
            }
        }
        // The name of a column stands on the diagonal, where its column begins.
        let head = if row + 1 < shown.len() { one } else { &"" };
        picture.text((NAMES + wide * row as f64 + 6.0, y + high * 0.68), 13.0, Anchor::Start, "#333", false, head);
    }
    foot(&mut picture, snapshot, height, shown.len());
    let description = format!(
        "A matrix of {} organisations; each field gives the weighted overlap of two of them, 0 to 1, darker where what is \
         sure of it is greater. The highest: {}.",
        shown.len(),
        highest(snapshot)
    );
    picture.finish(&title(overlap), &description)
}

fn field(picture: &mut Picture, (x, y): (f64, f64), (wide, high): (f64, f64), dyad: &Dyad) {
    let figures = &dyad.figures;
    let told = format!(
        "{} and {}: {} shared members, {} shared functions, weighted {}",
        dyad.a,
        dyad.b,
        figures.shared_members,
        figures.shared_functions,
        figure(figures.weighted)
    );
    let shade = 255 - (figures.weighted.lowest.sqrt() * 200.0).round().clamp(0.0, 200.0) as u8;
    let fill = format!("#{shade:02x}{shade:02x}{shade:02x}");
    let (fill, stroke) = match figures.overlaps {
        Overlaps::No => ("#fff".to_owned(), "stroke=\"#ccc\""),
        _ if figures.weighted.known().is_none() => {
            (fill, "stroke=\"#000\" stroke-width=\"1.5\" stroke-dasharray=\"4 3\"")
        }
        _ => (fill, "stroke=\"#fff\""),
    };
    let attributes = format!("fill=\"{fill}\" {stroke}");
    picture.rectangle((x + 1.0, y + 1.0), (wide - 2.0, high - 2.0), &attributes, &told);
    let text = if figures.overlaps == Overlaps::No { "·".to_owned() } else { figure(figures.weighted) };
    let colour = if shade < 130 { "#fff" } else { "#000" };
    let size = if text.chars().count() > 4 { (wide / 4.8).min(13.0) } else { (wide / 2.6).min(15.0) };
    picture.text((x + wide / 2.0, y + high * 0.68), size, Anchor::Middle, colour, false, &text);
}

fn foot(picture: &mut Picture, snapshot: &Snapshot, height: f64, shown: usize) {
    let y = height - 64.0;
    let mut words = "·  nothing shared in members or in functions.  Dashed: the record leaves the value open; the shade is the lowest value.".to_owned();
    let others = snapshot.monads.len().saturating_sub(shown);
    if others > 0 {
        words.push_str(&format!("  {others} more organisations are not shown."));
    }
    picture.text((24.0, y), 14.0, Anchor::Start, "#333", false, &words);
    picture.text((24.0, y + 24.0), 14.0, Anchor::Start, "#333", false, super::REMARK);
}

fn highest(snapshot: &Snapshot) -> String {
    let best = snapshot.dyads.iter().filter(|own| own.figures.overlaps == Overlaps::Yes).take(3);
    let best: Vec<String> =
        best.map(|own| format!("{} and {} {}", own.a, own.b, figure(own.figures.weighted))).collect();
    if best.is_empty() { "none".to_owned() } else { best.join(", ") }
}
