//! Safety rules that can be switched off, so that a learner sees what each is for.

/// One rule of a lab, by its place in the lab's list (at most 64).
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RuleId(pub u8);

/// Which rules are switched off. All are on by default.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct RuleSet {
    off: u64,
}

impl RuleSet {
    /// Whether the rule applies.
    #[inline]
    #[must_use]
    pub fn on(self, rule: RuleId) -> bool {
        self.off >> rule.0 & 1 == 0
    }

    /// Switches one rule.
    pub fn set(&mut self, rule: RuleId, on: bool) {
        let bit = 1 << rule.0;
        self.off = if on { self.off & !bit } else { self.off | bit };
    }

    /// The rules that are off, lowest first.
    pub fn off(self) -> impl Iterator<Item = RuleId> {
        (0..64).map(RuleId).filter(move |rule| !self.on(*rule))
    }

    /// Whether every rule applies.
    #[must_use]
    pub fn all_on(self) -> bool {
        self.off == 0
    }

    /// The rules as an inner engine sees them, whose own first rule stands at `base`.
    #[must_use]
    pub fn from_base(self, base: u8) -> Self {
        RuleSet {
            off: self.off.checked_shr(u32::from(base)).unwrap_or(0),
        }
    }
}
