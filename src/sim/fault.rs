//! The kinds of faults, so that a check can say under which of them it is promised.

/// One kind of fault.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FaultKind {
    /// A node stops and loses what is in memory.
    Crash,
    /// A crashed node comes up again with its disk.
    Restart,
    /// A node loses its disk.
    DiskLost,
    /// A message is lost.
    Loss,
    /// A message arrives twice.
    Duplication,
    /// A message arrives later than the latency that the lab was set up with.
    LateMessage,
    /// Nodes cannot reach each other for a while.
    Partition,
    /// A node does nothing for a while, and then goes on.
    Pause,
    /// A node's clock is wrong, or runs at a wrong rate.
    ClockSkew,
}

impl FaultKind {
    /// All kinds, with their stable ids.
    pub const ALL: [(FaultKind, &'static str); 9] = [
        (FaultKind::Crash, "crash"),
        (FaultKind::Restart, "restart"),
        (FaultKind::DiskLost, "disk-lost"),
        (FaultKind::Loss, "loss"),
        (FaultKind::Duplication, "duplication"),
        (FaultKind::LateMessage, "late-message"),
        (FaultKind::Partition, "partition"),
        (FaultKind::Pause, "pause"),
        (FaultKind::ClockSkew, "clock-skew"),
    ];

    /// The stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The kind with this id.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, name)| *name == id)
            .map(|(kind, _)| *kind)
    }
}

/// Several kinds of faults.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct FaultSet(u16);

impl FaultSet {
    /// No fault at all.
    pub const NONE: FaultSet = FaultSet(0);
    /// Every kind.
    pub const ALL: FaultSet = FaultSet((1 << FaultKind::ALL.len()) - 1);

    /// The set of these kinds.
    #[must_use]
    pub const fn of(kinds: &[FaultKind]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < kinds.len() {
            bits |= 1 << kinds[i] as u16;
            i += 1;
        }
        FaultSet(bits)
    }

    /// Every kind but these.
    #[must_use]
    pub const fn all_but(kinds: &[FaultKind]) -> Self {
        FaultSet(Self::ALL.0 & !Self::of(kinds).0)
    }

    /// Adds a kind.
    pub fn insert(&mut self, kind: FaultKind) {
        self.0 |= 1 << kind as u16;
    }

    /// These and those.
    #[must_use]
    pub fn with(self, other: FaultSet) -> Self {
        FaultSet(self.0 | other.0)
    }

    /// Whether the kind is in it.
    #[must_use]
    pub fn contains(self, kind: FaultKind) -> bool {
        self.0 >> kind as u16 & 1 == 1
    }

    /// Whether all of these are in `other`, too.
    #[must_use]
    pub fn within(self, other: FaultSet) -> bool {
        self.0 & !other.0 == 0
    }

    /// The kinds, in the order of [`FaultKind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = FaultKind> {
        FaultKind::ALL
            .into_iter()
            .map(|(kind, _)| kind)
            .filter(move |kind| self.contains(*kind))
    }
}
