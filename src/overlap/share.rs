//! Shares of sets whose elements are in, out or unsure, as exact lowest and highest values.
//!
//! Knows nothing of states, organisations or days: two sets are given element by element.

use schemars::JsonSchema;
use serde::Serialize;

/// Whether an element is in a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sure {
    /// It is not.
    No,
    /// The record does not tell.
    Unsure,
    /// It is.
    Yes,
}

/// A value with what the record leaves open: the same number twice where it leaves nothing open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Range {
    /// No value that the record allows is lower.
    pub lowest: f64,
    /// No value that the record allows is higher.
    pub highest: f64,
}

impl Range {
    /// The value, where the record settles it.
    pub fn known(self) -> Option<f64> {
        (self.lowest == self.highest).then_some(self.lowest)
    }

    /// The product of two ranges of values that are not negative.
    pub fn times(self, other: Range) -> Range {
        Range { lowest: self.lowest * other.lowest, highest: self.highest * other.highest }
    }

    /// The sum of two ranges.
    pub fn plus(self, other: Range) -> Range {
        Range { lowest: self.lowest + other.lowest, highest: self.highest + other.highest }
    }

    /// The range divided by a count; nothing divided by nothing is nothing.
    pub fn over(self, count: usize) -> Range {
        Range { lowest: ratio(self.lowest, count), highest: ratio(self.highest, count) }
    }
}

/// `|A and B| / |A or B|` (Jaccard), in 0 to 1; 0 where both sets are empty.
pub(super) fn of_union(elements: impl Iterator<Item = (Sure, Sure)>) -> Range {
    share(elements, |a, b| (usize::from(a && b), usize::from(a || b)))
}

/// `|A and B| / |A|`, in 0 to 1; 0 where A is empty.
pub(super) fn of_first(elements: impl Iterator<Item = (Sure, Sure)>) -> Range {
    share(elements, |a, b| (usize::from(a && b), usize::from(a)))
}

/// The lowest and the highest ratio of two counts, over every way in which unsure elements may turn out.
///
/// An element adds (1, 1), (0, 0) or (0, 1) to the counts. Whatever the other elements add, the ratio, which is 1 at
/// most, is highest with the first of these and lowest with the last: so each element can be settled by itself.
fn share(elements: impl Iterator<Item = (Sure, Sure)>, count: impl Fn(bool, bool) -> (usize, usize)) -> Range {
    let (mut least, mut most) = ((0, 0), (0, 0));
    for (a, b) in elements {
        let ways = ways(a).flat_map(|a| ways(b).map(move |b| (a, b))).map(|(a, b)| count(a, b));
        let mut ways: Vec<(usize, usize)> = ways.collect();
        ways.sort_by_key(|(shared, all)| 2 * shared + 1 - all.min(&1));
        for (sum, way) in [(&mut least, ways.first()), (&mut most, ways.last())] {
            let (shared, all) = way.copied().unwrap_or_default();
            *sum = (sum.0 + shared, sum.1 + all);
        }
    }
    let whole = |(shared, all): (usize, usize)| ratio(shared as f64, all);
    Range { lowest: whole(least), highest: whole(most) }
}

fn ways(sure: Sure) -> impl Iterator<Item = bool> + Clone {
    [false, true].into_iter().filter(move |way| match sure {
        Sure::No => !way,
        Sure::Unsure => true,
        Sure::Yes => *way,
    })
}

fn ratio(part: f64, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::Sure::{No, Unsure, Yes};
    use super::*;

    #[test]
    fn shares_are_those_counted_by_hand() {
        let two_of_five = [(Yes, Yes), (Yes, Yes), (Yes, No), (No, Yes), (No, Yes), (No, No)];
        assert_eq!(of_union(two_of_five.into_iter()).known(), Some(0.4));
        assert_eq!(of_first(two_of_five.into_iter()).known(), Some(2.0 / 3.0));
        assert_eq!(of_union(std::iter::empty()).known(), Some(0.0));
        assert_eq!(of_first([(No, Yes)].into_iter()).known(), Some(0.0));
    }

    #[test]
    fn bounds_are_the_lowest_and_highest_of_every_way_to_settle_what_is_unsure() {
        let all = [No, Unsure, Yes];
        let pairs: Vec<(Sure, Sure)> = all.iter().flat_map(|a| all.iter().map(|b| (*a, *b))).collect();
        // Every list of four pairs, against every way to settle each of its pairs.
        for index in 0..pairs.len().pow(4) {
            let place = |place: u32| pairs.get(index / pairs.len().pow(place) % pairs.len());
            let list: Vec<(Sure, Sure)> = (0..4).filter_map(place).copied().collect();
            let (mut union, mut first) = (Vec::new(), Vec::new());
            for bits in 0..256 {
                let settled: Vec<(Sure, Sure)> = list
                    .iter()
                    .enumerate()
                    .map(|(place, (a, b))| {
                        let settle = |sure: Sure, bit: usize| match sure {
                            Unsure if bits >> bit & 1 == 1 => Yes,
                            Unsure => No,
                            known => known,
                        };
                        (settle(*a, 2 * place), settle(*b, 2 * place + 1))
                    })
                    .collect();
                let count =
                    |of: &dyn Fn(bool, bool) -> bool| settled.iter().filter(|(a, b)| of(*a == Yes, *b == Yes)).count();
                let both = count(&|a, b| a && b) as f64;
                let share = |whole: usize| if whole == 0 { 0.0 } else { both / whole as f64 };
                union.push(share(count(&|a, b| a || b)));
                first.push(share(count(&|a, _| a)));
            }
            for (values, range) in [(union, of_union(list.iter().copied())), (first, of_first(list.iter().copied()))] {
                let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
                let highest = values.iter().copied().fold(0.0, f64::max);
                assert_eq!((range.lowest, range.highest), (lowest, highest), "{list:?}");
            }
        }
    }
}
