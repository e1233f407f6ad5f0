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
    let value = |facts: &Facts, name: &str| {
        let mut facts = facts.0.iter();
        facts
            .find(|(other, _)| *other == name)
            .map(|(_, fact)| fact.clone())
    };
    let names = left.0.iter().map(|(name, _)| *name);
    let only_right = right.0.iter().map(|(name, _)| *name);
    let only_right = only_right.filter(|name| value(left, name).is_none());
    for name in names.chain(only_right) {
        path.push(Part::Name(name));
        values(path, value(left, name), value(right, name), found);
        path.pop();
    }
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
}
