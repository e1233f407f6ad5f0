//! How fast frames come, and how much of each the simulation gets.

use std::cell::Cell;

/// How much of a frame the simulation may take at first. Where that is not enough it gets more as long as frames come in
/// time; it lags rather than blocks.
pub(super) const WORK_MS: f64 = 6.0;
/// By how much that grows from frame to frame, and shrinks where it was enough: a frame that is enough comes between two that
/// are not, so slower.
const MORE_MS: f64 = 0.5;
const LESS_MS: f64 = 0.05;
/// The time between two frames that is aimed at: as fast as the screen is, and half as fast where virtual time would
/// else not pass as fast as it should.
const FULL_PACE_MS: f64 = 17.5;
const HALF_PACE_MS: f64 = 32.0;
/// From here on frames come slowly.
const SLOW_FRAME_MS: f64 = 21.0;

/// See the module.
pub(super) struct Pace {
    /// The time between two frames, evened out.
    frame_ms: Cell<f64>,
    share_ms: Cell<f64>,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            frame_ms: Cell::new(0.0),
            share_ms: Cell::new(WORK_MS),
        }
    }
}

impl Pace {
    /// A frame came so long after the one before.
    pub(super) fn frame(&self, since_ms: f64) {
        self.frame_ms
            .set(self.frame_ms.get() * 0.95 + since_ms * 0.05);
    }

    /// How much of a frame the simulation may take now.
    pub(super) fn share_ms(&self) -> f64 {
        self.share_ms.get()
    }

    /// The simulation had its share: whether it was too little, and whether it goes as fast as it can anyway.
    pub(super) fn worked(&self, late: bool, hurries: bool) {
        let aim_ms = if hurries { FULL_PACE_MS } else { HALF_PACE_MS };
        let more = late && self.frame_ms.get() < aim_ms;
        let share_ms = self.share_ms.get() + if more { MORE_MS } else { -LESS_MS };
        self.share_ms.set(share_ms.clamp(WORK_MS, aim_ms));
    }

    /// Whether frames come slowly.
    pub(super) fn is_slow(&self) -> bool {
        self.frame_ms.get() > SLOW_FRAME_MS
    }
}
