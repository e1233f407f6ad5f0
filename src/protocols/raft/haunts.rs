//! Settings in which the search runs every other time: what a rule is for happens seldom in any other.

/// Parameters, and what they are set to.
pub(super) type Haunt = &'static [(&'static str, &'static str)];

/// All of them, those more than once in which there is more to find.
pub(super) const ALL: &[Haunt] = &[
    SHORT_LOGS,
    CHANGING,
    CHANGING,
    CHANGING,
    CHANGING_THREE,
    CHANGING_THREE,
    LEASES,
    SLOW_DISKS,
];

/// Every entry becomes a snapshot at once, and an election takes no second asking.
const SHORT_LOGS: Haunt = &[
    ("pre_vote", "off"),
    ("check_quorum", "off"),
    ("compact", "1"),
    ("spare", "0"),
    ("lease", "off"),
];

/// Few members, so that somebody who leads is asked for a change, and with so much to do that there is
/// always something that is not committed yet.
const CHANGING: Haunt = &[
    ("nodes", "2"),
    ("spare", "2"),
    ("clients", "2"),
    ("rate", "40"),
    ("loss", "0%"),
    ("pre_vote", "off"),
    ("check_quorum", "off"),
    ("compact", "1"),
    ("lease", "off"),
];

/// The same with a member more.
const CHANGING_THREE: Haunt = &[
    ("nodes", "3"),
    ("spare", "1"),
    ("clients", "2"),
    ("rate", "40"),
    ("loss", "0%"),
    ("pre_vote", "off"),
    ("check_quorum", "off"),
    ("compact", "1"),
    ("lease", "off"),
];

/// Reads by lease, and writes.
const LEASES: Haunt = &[
    ("nodes", "3"),
    ("spare", "0"),
    ("lease", "on"),
    ("clients", "4"),
    ("rate", "40"),
    ("loss", "0%"),
];

/// Whoever leads does so before any vote is on a disk, so that a crash of all forgets who was chosen.
const SLOW_DISKS: Haunt = &[
    ("nodes", "3"),
    ("spare", "0"),
    ("latency_min", "4ms"),
    ("latency_max", "8ms"),
    ("disk_min", "60ms"),
    ("disk_max", "60ms"),
    ("timeout_min", "150ms"),
    ("timeout_max", "300ms"),
    ("loss", "0%"),
    ("pre_vote", "off"),
    ("check_quorum", "off"),
    ("lease", "off"),
];
