//! What two nodes, or the same node in two runs, have otherwise: their facts, leaf by leaf.

use crate::engine::{Fact, Facts};

/// A step from a tree's root to a leaf.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// The fact of this name.
    Name(&'static str),
    /// The fact at this place of a list, from 1.
    At(usize),
}

/// A leaf that is not alike in two trees.
#[derive(Clone, PartialEq, Debug)]
pub struct Contrast {
    /// Where it stands.
    pub path: Vec<Part>,
    /// What it is in the one tree; `None` where it is not there.
    pub left: Option<Fact>,
    /// What it is in the other.
    pub right: Option<Fact>,
}

/// The leaves that are not alike, in the order of the trees.
#[must_use]
pub fn contrasts(left: &Facts, right: &Facts) -> Vec<Contrast> {
    let mut found = Vec::new();
    groups(&mut Vec::new(), left, right, &mut found);
    found
}

fn groups(path: &mut Vec<Part>, left: &Facts, right: &Facts, found: &mut Vec<Contrast>) {
    let value = |facts: &Facts, (name, nth): (&str, usize)| {
        let mut facts = facts.0.iter().filter(|(other, _)| *other == name);
        facts.nth(nth).map(|(_, fact)| fact.clone())
    };
    let only_right = places(right).into_iter();
    let only_right = only_right.filter(|place| value(left, *place).is_none());
    for (name, nth) in places(left).into_iter().chain(only_right) {
        let depth = path.len();
        path.push(Part::Name(name));
        // Several facts of one name are told apart by their number.
        if nth > 0 || value(left, (name, 1)).or(value(right, (name, 1))).is_some() {
            path.push(Part::At(nth + 1));
        }
        values(
            path,
            value(left, (name, nth)),
            value(right, (name, nth)),
            found,
        );
        path.truncate(depth);
    }
}

/// Each fact by its name, and the how-manieth of that name it is.
fn places(facts: &Facts) -> Vec<(&'static str, usize)> {
    let nth = |at: usize, name: &str| {
        let before = facts.0[..at].iter();
        before.filter(|(other, _)| *other == name).count()
    };
    let facts = facts.0.iter().enumerate();
    facts
        .map(|(at, (name, _))| (*name, nth(at, name)))
        .collect()
}

fn values(
    path: &mut Vec<Part>,
    left: Option<Fact>,
    right: Option<Fact>,
    found: &mut Vec<Contrast>,
) {
    let grouped = |list: &[Fact]| list.iter().any(|fact| matches!(fact, Fact::Group(_)));
    match (left, right) {
        (Some(Fact::Group(left)), Some(Fact::Group(right))) => groups(path, &left, &right, found),
        (Some(Fact::Group(left)), None) => groups(path, &left, &Facts::default(), found),
        (None, Some(Fact::Group(right))) => groups(path, &Facts::default(), &right, found),
        (Some(Fact::List(left)), Some(Fact::List(right))) if grouped(&left) || grouped(&right) => {
            for i in 0..left.len().max(right.len()) {
                path.push(Part::At(i + 1));
                values(path, left.get(i).cloned(), right.get(i).cloned(), found);
                path.pop();
            }
        }
        (left, right) => {
            if left != right {
                let path = path.clone();
                found.push(Contrast { path, left, right });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(term: u64, log: &[u64], voted: bool) -> Facts {
        let mut facts = Facts::default();
        facts.say("term", term);
        if voted {
            facts.say("voted", true);
        }
        let entry = |term: &u64| {
            let mut entry = Facts::default();
            entry.say("term", *term);
            entry
        };
        facts.say("log", log.iter().map(entry).collect::<Vec<_>>());
        facts
    }

    #[test]
    fn equal_trees_have_no_contrast() {
        assert_eq!(
            contrasts(&tree(1, &[1, 2], true), &tree(1, &[1, 2], true)),
            []
        );
    }

    #[test]
    fn each_leaf_that_differs_is_named_by_its_path() {
        let found = contrasts(&tree(1, &[1, 2], true), &tree(3, &[1, 1, 4], false));
        let paths: Vec<_> = found.iter().map(|c| c.path.clone()).collect();
        let (name, at) = (Part::Name, Part::At);
        assert_eq!(
            paths,
            [
                vec![name("term")],
                vec![name("voted")],
                vec![name("log"), at(2), name("term")],
                vec![name("log"), at(3), name("term")],
            ]
        );
        assert_eq!(
            (&found[1].left, &found[1].right),
            (&Some(Fact::Flag(true)), &None)
        );
        assert_eq!(
            (&found[3].left, &found[3].right),
            (&None, &Some(Fact::Int(4)))
        );
    }

    #[test]
    fn facts_of_one_name_are_told_apart() {
        let tree = |values: &[u64]| {
            let mut facts = Facts::default();
            values
                .iter()
                .for_each(|value| facts.say("follower", *value));
            facts
        };
        let found = contrasts(&tree(&[1, 2, 3]), &tree(&[1, 5]));
        let paths: Vec<_> = found.iter().map(|c| c.path.clone()).collect();
        let second = vec![Part::Name("follower"), Part::At(2)];
        let third = vec![Part::Name("follower"), Part::At(3)];
        assert_eq!(paths, [second, third]);
        assert_eq!(found[0].right, Some(Fact::Int(5)));
        assert_eq!(found[1].right, None);
    }
}
