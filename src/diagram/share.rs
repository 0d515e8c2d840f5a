//! How much each player of a simple game holds up: the shares of Shapley and Banzhaf, over all coalitions.
//!
//! A game is a set of coalitions that win, kept as a truth table: one bit for each set of players.

/// Players up to whom every coalition is looked at.
pub const MOST_PLAYERS: usize = 20;

/// What a player holds up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The value of Shapley (1953): the part of all orders in which the player's coming changes the outcome, losses
    /// counted against gains. Shares add up to what all players together change.
    pub shapley: f64,
    /// The value of Banzhaf (1965), not normalised: the part of the coalitions of the others in which the player changes
    /// the outcome, losses counted against gains.
    pub banzhaf: f64,
    /// Coalitions of the others in which the player's coming makes it win.
    pub wins: u32,
    /// Coalitions of the others in which the player's coming makes it lose.
    pub loses: u32,
}

/// The shares of `players` players; `wins` is asked once for each set of them, bit by bit.
///
/// `None`: more players than every coalition of which can be looked at.
pub fn shares(players: usize, wins: &mut dyn FnMut(u32) -> bool) -> Option<Vec<Share>> {
    if players > MOST_PLAYERS {
        return None;
    }
    let coalitions = 1_u32 << players;
    let mut table = vec![0_u64; (coalitions as usize).div_ceil(64)];
    for coalition in 0..coalitions {
        if wins(coalition)
            && let Some(word) = table.get_mut(coalition as usize / 64)
        {
            *word |= 1 << (coalition % 64);
        }
    }
    let won = |coalition: u32| table.get(coalition as usize / 64).is_some_and(|word| word >> (coalition % 64) & 1 == 1);
    // The weight of a coalition of `size` others: size! (players - size - 1)! / players!.
    let mut weights = vec![1.0 / players.max(1) as f64];
    for size in 1..players {
        let last = weights.last().copied().unwrap_or_default();
        weights.push(last * size as f64 / (players - size) as f64);
    }
    let share = |player: usize| {
        let bit = 1_u32 << player;
        let (mut shapley, mut up, mut down) = (0.0, 0_u32, 0_u32);
        for coalition in (0..coalitions).filter(|coalition| coalition & bit == 0) {
            let weight = weights.get(coalition.count_ones() as usize).copied().unwrap_or_default();
            match (won(coalition), won(coalition | bit)) {
                (false, true) => {
                    shapley += weight;
                    up += 1;
                }
                (true, false) => {
                    shapley -= weight;
                    down += 1;
                }
                _ => {}
            }
        }
        let banzhaf = (f64::from(up) - f64::from(down)) / f64::from(coalitions / 2);
        Share { shapley, banzhaf, wins: up, loses: down }
    };
    Some((0..players).map(share).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_the_textbook() {
        // The weighted game [51; 50, 49, 1] (Banzhaf 1965): the first with either of the others.
        let found = shares(3, &mut |who| who & 1 == 1 && who & 6 != 0).expect("few players");
        let near = |value: f64, wanted: f64| (value - wanted).abs() < 1e-12;
        let shapley = [2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0];
        assert!(found.iter().zip(shapley).all(|(own, wanted)| near(own.shapley, wanted)), "{found:?}");
        let banzhaf = [0.75, 0.25, 0.25];
        assert!(found.iter().zip(banzhaf).all(|(own, wanted)| near(own.banzhaf, wanted)), "{found:?}");
        assert!(shares(MOST_PLAYERS + 1, &mut |_| true).is_none());
        assert_eq!(shares(0, &mut |_| true), Some(Vec::new()));
    }
}
