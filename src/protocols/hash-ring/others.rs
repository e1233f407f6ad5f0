//! What else maps a key to a node: a remainder, rendezvous, jump and Maglev.

use super::hashes::HashKind;

/// The bucket of a key among `buckets` (Lamping and Veach 2014): jumps from bucket to bucket, each
/// time by a draw that the key decides, until it would leap over the last. Divisions of doubles are the same
/// everywhere, so it agrees with the published function bit by bit.
#[must_use]
pub fn jump(key: u64, buckets: u32) -> u32 {
    let (mut state, mut bucket, mut next) = (key, 0u64, 0u64);
    while next < u64::from(buckets) {
        bucket = next;
        state = state
            .wrapping_mul(2_862_933_555_777_941_757)
            .wrapping_add(1);
        let draw = (1u64 << 31) as f64 / ((state >> 33) + 1) as f64;
        next = ((bucket + 1) as f64 * draw) as u64;
    }
    bucket as u32
}

/// The table of Maglev (Eisenbud et al. 2016, section 3.4): each backend takes, in turn, the next free
/// entry of its own permutation, until all entries are taken.
#[must_use]
pub fn maglev(permutations: &[(u64, u64)], size: u64) -> Vec<u16> {
    let free = u16::MAX;
    let mut table = vec![free; size as usize];
    let mut next = vec![0u64; permutations.len()];
    let mut taken = 0;
    if permutations.is_empty() {
        return Vec::new();
    }
    loop {
        for (backend, (offset, skip)) in permutations.iter().enumerate() {
            let entry = |j: u64| ((offset + j % size * skip) % size) as usize;
            while table[entry(next[backend])] != free {
                next[backend] += 1;
            }
            table[entry(next[backend])] = backend as u16;
            next[backend] += 1;
            taken += 1;
            if taken == size {
                return table;
            }
        }
    }
}

/// The sizes of the table: primes, the last one that of the paper.
const SIZES: [u64; 5] = [251, 1021, 4093, 16381, 65537];

/// A size for so many backends: more than a hundred entries for each, as the paper has it, where a
/// size is that large.
#[must_use]
pub(super) fn maglev_size(backends: usize) -> u64 {
    let wanted = backends as u64 * 100;
    let fits = SIZES.into_iter().find(|size| *size > wanted);
    fits.unwrap_or(SIZES[SIZES.len() - 1])
}

/// Offset and skip of a backend: two hashes of its name (section 3.4), by the hash of that.
#[must_use]
pub(super) fn permutation(hash: HashKind, name: u64, size: u64) -> (u64, u64) {
    (
        hash.pair(name, 1) % size,
        hash.pair(name, 2) % (size - 1) + 1,
    )
}

/// The nodes with the greatest scores for a key, greatest first (Thaler and Ravishankar 1998). Who has more
/// weight has more tickets, and the best of them counts.
pub(super) fn rendezvous(
    hash: HashKind,
    tickets: &[(u64, u16)],
    key: u64,
    most: usize,
    take: &mut dyn FnMut(u16),
) {
    let mut best: Vec<(u64, u16)> = Vec::with_capacity(most + 1);
    for (ticket, node) in tickets {
        let score = (hash.pair(*ticket, key), *node);
        if best.len() == most && best.last().is_some_and(|last| *last >= score) {
            continue;
        }
        if let Some(at) = best.iter().position(|(_, other)| other == node) {
            if best[at] >= score {
                continue;
            }
            best.remove(at);
        }
        let at = best.partition_point(|other| *other > score);
        best.insert(at, score);
        best.truncate(most);
    }
    best.into_iter().for_each(|(_, node)| take(node));
}
