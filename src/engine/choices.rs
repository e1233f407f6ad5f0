//! Draws as choices: an exploration takes every one of them where a run takes one.

use std::ops::RangeInclusive;

/// What is drawn in one step of an exploration. Draws from a small range are choices, answered one
/// after the other from a list; a draw behind its end is answered with the least number. A draw
/// from a large range always is: such become the length of a timer, and where time stands still
/// that does not matter. (Where it does matter, what is explored is less than what can happen.)
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Choices {
    /// Four bits a draw, the first one lowest.
    answers: u32,
    /// How many draws from a small range there were so far.
    made: u8,
    /// How many answers there were for each, less one: four bits a draw.
    others: u32,
}

impl Choices {
    /// The most numbers in a small range.
    pub const SMALL: u64 = 8;
    /// The most draws of one step that are choices.
    const MOST: u8 = 8;

    /// The draws of a step in which these answers are given.
    #[must_use]
    pub fn given(answers: u32) -> Self {
        Choices {
            answers,
            ..Choices::default()
        }
    }

    /// One draw.
    pub fn draw(&mut self, range: &RangeInclusive<u64>) -> u64 {
        let (least, most) = (*range.start(), *range.end());
        let others = most.saturating_sub(least);
        if others == 0 || others >= Self::SMALL || self.made == Self::MOST {
            return least;
        }
        let place = 4 * u32::from(self.made);
        self.others |= (others as u32) << place;
        self.made += 1;
        least + u64::from(self.answers >> place & 15).min(others)
    }

    /// The lists of answers that go another way than this one, first at a draw that this one does
    /// not answer: with these, every combination comes up once.
    pub fn otherwise(self) -> impl Iterator<Item = u32> {
        let answered = u32::BITS
            .saturating_sub(self.answers.leading_zeros())
            .div_ceil(4) as u8;
        let open = answered..self.made;
        open.flat_map(move |draw| {
            let place = 4 * u32::from(draw);
            let others = self.others >> place & 15;
            (1..=others).map(move |answer| self.answers | answer << place)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Draws whose ranges depend on what was drawn before.
    fn play(choices: &mut Choices) -> Vec<u64> {
        let mut drawn = vec![choices.draw(&(0..=2)), choices.draw(&(10..=1_000_000))];
        if drawn[0] == 1 {
            drawn.push(choices.draw(&(5..=6)));
        }
        drawn.push(choices.draw(&(3..=3)));
        drawn.push(choices.draw(&(0..=7)));
        drawn
    }

    #[test]
    fn every_combination_comes_up_once() {
        let (mut lists, mut seen) = (vec![0], Vec::new());
        while let Some(answers) = lists.pop() {
            let mut choices = Choices::given(answers);
            seen.push(play(&mut choices));
            lists.extend(choices.otherwise());
        }
        let different: BTreeSet<_> = seen.iter().cloned().collect();
        assert_eq!((seen.len(), different.len()), (32, 32));
        assert!(different.contains(&vec![1, 10, 6, 3, 7]));
    }
}
