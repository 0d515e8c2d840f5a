//! One pair on a day: what the first has alone, what both have, what the second has alone; states above, functions below.

use super::pair::parts_of;
use super::svg::{Anchor, Picture};
use super::{clip, figure, states, title};
use crate::overlap::{Dyad, Overlap, Snapshot};

/// The size of a slide.
const SIZE: (f64, f64) = (1280.0, 720.0);
/// Where the columns begin, and how wide one is.
const COLUMNS: ([f64; 3], f64) = ([150.0, 516.0, 882.0], 354.0);
/// Where a row begins, and how high it is.
const ROWS: ([f64; 2], f64) = ([132.0, 372.0], 228.0);
/// Names in a box, in two columns.
const NAMES: usize = 18;

/// Six boxes, each with its count and its names.
pub(super) fn boxes(overlap: &Overlap, snapshot: &Snapshot, dyad: &Dyad) -> String {
    let figures = &dyad.figures;
    let mut picture = Picture::new(SIZE.0, SIZE.1);
    picture.text((24.0, 42.0), 26.0, Anchor::Start, "#000", true, &title(overlap));
    let measures = format!(
        "weighted {} · {} to {} {} · {} to {} {}",
        figure(figures.weighted),
        dyad.a,
        dyad.b,
        figure(figures.a_to_b),
        dyad.b,
        dyad.a,
        figure(figures.b_to_a)
    );
    picture.text((24.0, 74.0), 20.0, Anchor::Start, "#000", false, &measures);
    let heads = [format!("{} alone", dyad.a), "both".to_owned(), format!("{} alone", dyad.b)];
    for (x, head) in COLUMNS.0.iter().zip(&heads) {
        picture.text((x + COLUMNS.1 / 2.0, ROWS.0[0] - 12.0), 18.0, Anchor::Middle, "#000", true, head);
    }
    let mut doubtful = Vec::new();
    for (y, (head, [a, both, b, unsure])) in ROWS.0.iter().zip(parts_of(overlap, snapshot, dyad)) {
        picture.text((24.0, y + 26.0), 18.0, Anchor::Start, "#000", true, head);
        for (x, (ids, fill)) in COLUMNS.0.iter().zip([(a, "#fff"), (both, "#d9d9d9"), (b, "#fff")]) {
            let look = format!("fill=\"{fill}\" stroke=\"#000\" stroke-width=\"1.5\"");
            picture.rectangle((*x, *y), (COLUMNS.1, ROWS.1), &look, "");
            listed(&mut picture, (*x, *y), &ids);
        }
        doubtful.extend(unsure);
    }
    foot(&mut picture, &doubtful);
    let description = format!(
        "{} and {} share {} {} and {} functions.",
        dyad.a,
        dyad.b,
        figures.shared_members,
        states(overlap),
        figures.shared_functions
    );
    picture.finish(&title(overlap), &description)
}

fn listed(picture: &mut Picture, (x, y): (f64, f64), names: &[&str]) {
    picture.text((x + 16.0, y + 32.0), 24.0, Anchor::Start, "#000", true, &names.len().to_string());
    let half = NAMES / 2;
    for (index, name) in names.iter().take(NAMES).enumerate() {
        let (column, row) = (index / half, index % half);
        let at = (x + 62.0 + 146.0 * column as f64, y + 28.0 + 22.0 * row as f64);
        picture.text(at, 16.0, Anchor::Start, "#000", false, &clip(name, 17));
    }
    if names.len() > NAMES {
        let more = format!("and {} more", names.len() - NAMES);
        picture.text((x + 62.0, y + ROWS.1 - 8.0), 14.0, Anchor::Start, "#333", false, &more);
    }
}

fn foot(picture: &mut Picture, doubtful: &[&str]) {
    let said = match doubtful {
        [] => String::new(),
        names => format!("In no box, since the record does not tell: {}.", clip(&names.join(", "), 110)),
    };
    picture.text((24.0, SIZE.1 - 64.0), 15.0, Anchor::Start, "#000", false, &said);
    picture.text((24.0, SIZE.1 - 32.0), 14.0, Anchor::Start, "#333", false, super::REMARK);
}
