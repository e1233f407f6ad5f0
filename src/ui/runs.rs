//! The last runs, kept on the device: one line each, with the link that brings the run back.
//! Storage may be denied, or full; then the list is empty and says so.

use super::page;

/// How many are kept.
const MOST: usize = 12;
const KEY: &str = "splitbrain.runs";

/// One branch of one run.
#[derive(Clone, PartialEq)]
pub(super) struct Kept {
    /// Its number on this device.
    pub(super) id: String,
    /// When it was last changed, in milliseconds since 1970.
    pub(super) when_ms: u64,
    /// What it is called in the list.
    pub(super) title: String,
    /// The fragment that brings it back.
    pub(super) fragment: String,
}

impl Kept {
    fn read(line: &str) -> Option<Self> {
        let mut parts = line.splitn(4, '\t');
        let mut part = || parts.next().map(str::to_owned);
        Some(Kept {
            id: part()?,
            when_ms: part()?.parse().ok()?,
            title: part()?,
            fragment: part()?,
        })
    }

    fn write(&self) -> String {
        let title: String = self.title.chars().filter(|c| !c.is_control()).collect();
        let (id, when, fragment) = (&self.id, self.when_ms, &self.fragment);
        format!("{id}\t{when}\t{title}\t{fragment}\n")
    }
}

/// All of them, the last one first.
pub(super) fn all() -> Vec<Kept> {
    let text = page::recall(KEY).unwrap_or_default();
    text.lines().filter_map(Kept::read).take(MOST).collect()
}

/// The run of this number.
pub(super) fn find(id: &str) -> Option<Kept> {
    all().into_iter().find(|kept| kept.id == id)
}

/// Keeps a run, in the place of what stood under its number. False where the device refuses.
pub(super) fn keep(new: Kept) -> bool {
    let mut runs = all();
    runs.retain(|kept| kept.id != new.id);
    runs.insert(0, new);
    runs.truncate(MOST);
    // A full storage has room for fewer.
    while !runs.is_empty() {
        if store(&runs) {
            return true;
        }
        if runs.len() == 1 {
            break;
        }
        runs.pop();
    }
    false
}

/// Forgets one run.
pub(super) fn forget(id: &str) {
    let mut runs = all();
    runs.retain(|kept| kept.id != id);
    store(&runs);
}

/// Forgets all of them.
pub(super) fn clear() {
    store(&[]);
}

/// Whether the device lets us keep anything.
pub(super) fn allowed() -> bool {
    page::keeps()
}

fn store(runs: &[Kept]) -> bool {
    let lines: String = runs.iter().map(Kept::write).collect();
    page::remember(KEY, &lines)
}
