//! Sorting, small: the standard library's is made anew for each type, with 4 KB of code in the download each time.
//! Here only what compares and swaps is. Few elements, which is the rule, take no longer.

/// So many elements are moved to their places one by one.
const FEW: usize = 20;

/// Sorts; what is equal keeps its order.
pub fn sort<T: Ord>(all: &mut [T]) {
    sort_where(all, |a, b| a < b);
}

/// Sorts by a key; what has the same keeps its order.
pub fn sort_by_key<T, K: Ord>(all: &mut [T], key: impl Fn(&T) -> K) {
    sort_where(all, |a, b| key(a) < key(b));
}

fn sort_where<T>(all: &mut [T], less: impl Fn(&T, &T) -> bool) {
    if all.len() <= FEW {
        for end in 1..all.len() {
            let mut at = end;
            while at > 0 && less(&all[at], &all[at - 1]) {
                all.swap(at, at - 1);
                at -= 1;
            }
        }
        return;
    }
    let mut order = order(all.len(), &|a, b| less(&all[a as usize], &all[b as usize]));
    for start in 0..order.len() {
        // Round and round until the one comes that stood here; what is in its place says so.
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut order[at], at as u32) as usize;
            if from == start {
                break;
            }
            all.swap(at, from);
            at = from;
        }
    }
}

/// Which element belongs where.
fn order(count: usize, less: &dyn Fn(u32, u32) -> bool) -> Vec<u32> {
    let mut sorted: Vec<u32> = (0..count as u32).collect();
    let mut merged = Vec::with_capacity(count);
    let mut run = 1;
    while run < count {
        for pair in sorted.chunks(2 * run) {
            let (mut left, mut right) = pair.split_at(run.min(pair.len()));
            while let (Some((a, rest)), Some((b, others))) =
                (left.split_first(), right.split_first())
            {
                if less(*b, *a) {
                    merged.push(*b);
                    right = others;
                } else {
                    merged.push(*a);
                    left = rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut sorted, &mut merged);
        merged.clear();
        run *= 2;
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(keys in prop::collection::vec(0u8..12, 0..90)) {
            let mut ours: Vec<(u8, usize)> = keys.iter().copied().zip(0..).collect();
            let mut theirs = ours.clone();
            sort_by_key(&mut ours, |(key, _)| *key);
            theirs.sort_by_key(|(key, _)| *key);
            prop_assert_eq!(&ours, &theirs);
            ours.reverse();
            sort(&mut ours);
            prop_assert_eq!(ours, theirs);
        }
    }
}
