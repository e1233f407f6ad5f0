//! The log against a list, whole and with its beginning let go.

use super::*;
use proptest::prelude::*;

proptest! {
    /// What was let go is found no more; all else is as if it were there.
    #[test]
    fn letting_go_changes_nothing_else(
        ops in prop::collection::vec((0u8..5, 0usize..2500), 0..40),
    ) {
        let (mut log, mut whole) = (Log::default(), Log::default());
        for (op, n) in ops {
            let from = log.begin() + n % (log.len() - log.begin() + 1);
            match op {
                0 | 1 => for i in 0..n { log.push(i); whole.push(i); },
                2 => { log.truncate(from); whole.truncate(from); }
                3 => log.let_go(from),
                _ => {
                    let part = whole.share(from, 40);
                    log.truncate(from + 5);
                    whole.truncate(from + 5);
                    let other = whole.share(from, 40);
                    log.append(&part);
                    whole.append(&part);
                    log.append(&other);
                    whole.append(&other);
                }
            }
            prop_assert_eq!((log.len(), log.end()), (whole.len(), whole.end()));
            prop_assert_eq!(log.last().is_none(), log.len() == log.begin());
            for at in 0..whole.len() {
                let there = at >= log.begin();
                prop_assert_eq!(log.get(at), whole.get(at).filter(|_| there));
            }
            for len in 1..=whole.len() {
                let there = len >= log.begin();
                prop_assert_eq!(log.digest(len), whole.digest(len).filter(|_| there));
            }
            let (some, all) = (log.share(from, 70), whole.share(from, 70));
            prop_assert!(some.iter().eq(all.iter()));
            prop_assert!(log.begin() == 0 || log.share(0, 1).is_empty());
        }
    }

    #[test]
    fn behaves_as_a_vec(ops in prop::collection::vec((any::<bool>(), 0usize..2500), 0..40)) {
        let (mut log, mut model) = (Log::default(), Vec::new());
        for (push, n) in ops {
            let before = (log.clone(), model.clone());
            if push {
                for i in 0..n / 2 { log.push(i); model.push(i); }
            } else {
                log.truncate(n);
                model.truncate(n);
            }
            prop_assert_eq!(log.iter().copied().collect::<Vec<_>>(), model.clone());
            prop_assert_eq!(log.last(), model.last());
            prop_assert_eq!(log.len(), model.len());
            let from = n.min(model.len());
            let shared = log.share(from, 40);
            let wanted = &model[from..(from + 40).min(model.len())];
            prop_assert!(shared.iter().eq(wanted));
            let mut anew = Log::default();
            model.iter().for_each(|i| anew.push(*i));
            prop_assert_eq!(log.digest(log.len()), anew.digest(model.len()));
            // Where a part is put, behind the same entries or others, makes no difference.
            for (behind, without) in [(from, 0), (from / 2, 0), (from + 1, 1), (from, 5)] {
                let part = shared.without_first(without);
                prop_assert!(part.iter().eq(wanted.iter().skip(without)));
                let (mut by_part, mut singly) = (log.clone(), log.clone());
                by_part.truncate(behind);
                singly.truncate(behind);
                by_part.append(&part);
                part.iter().for_each(|i| singly.push(*i));
                prop_assert_eq!(by_part.end(), singly.end());
                prop_assert_eq!(by_part.digest(by_part.len()), Some(by_part.end()));
                prop_assert!(by_part == singly);
            }
            let odd: Part<usize> = wanted.iter().copied().filter(|i| i % 2 == 1).collect();
            let mut behind = log.clone();
            behind.append(&odd);
            odd.iter().for_each(|i| anew.push(*i));
            prop_assert_eq!(behind.end(), anew.end());
            prop_assert_eq!(log.digest(log.len()), Some(log.end()));
            prop_assert_eq!(before.0.iter().copied().collect::<Vec<_>>(), before.1);
        }
    }
}
