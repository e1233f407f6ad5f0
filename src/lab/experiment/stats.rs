//! The few statistics that a chart needs, held against the crate `statrs` by `tests/experiments`. The crate itself
//! would be a hundred kilobytes of the download.

/// What 95 % of the normal distribution lies within, on each side, in standard deviations.
const Z95: f64 = 1.959_963_984_540_054;

/// A number with the interval around it.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The mean; `None` of nothing.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The standard deviation of a sample (over n - 1); `None` of fewer than two.
#[must_use]
pub fn deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}

/// The quantile of sorted values: definition 8 of Hyndman and Fan (1996), which they recommend. `None` of
/// nothing.
#[must_use]
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = (sorted.len() as f64 + 1.0 / 3.0) * share + 1.0 / 3.0;
    let below = place.floor();
    let at = |place: f64| sorted[(place.max(1.0) as usize - 1).min(last)];
    let (low, high) = (at(below), at(below + 1.0));
    Some(low + (place - below) * (high - low))
}

/// Within which the true mean lies in 95 of 100 cases: Student's interval. `None` of fewer than two.
#[must_use]
pub fn mean_interval(values: &[f64]) -> Option<Interval> {
    let (mean, deviation) = (mean(values)?, deviation(values)?);
    let n = values.len();
    let half = student(n - 1) * deviation / (n as f64).sqrt();
    Some(Interval {
        low: mean - half,
        high: mean + half,
    })
}

/// Within which the true share lies in about 95 of 100 cases: the interval of Wilson (1927), which is sound
/// near 0 and 1, too. `None` of nothing.
#[must_use]
pub fn share_interval(yes: u64, of: u64) -> Option<Interval> {
    if of == 0 {
        return None;
    }
    let (n, z2) = (of as f64, Z95 * Z95);
    let share = yes as f64 / n;
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let inside = share * (1.0 - share) / n + z2 / (4.0 * n * n);
    let half = Z95 / (1.0 + z2 / n) * inside.sqrt();
    // A float does not hit the ends exactly where they are known.
    let low = if yes == 0 {
        0.0
    } else {
        (middle - half).max(0.0)
    };
    let high = if yes == of {
        1.0
    } else {
        (middle + half).min(1.0)
    };
    Some(Interval { low, high })
}

/// What 95 % of Student's distribution lies within on each side, by its degrees of freedom: from a table below
/// ten, and else the expansion of Fisher and Cornish around the normal distribution, within four in a million.
#[must_use]
pub fn student(freedom: usize) -> f64 {
    /// Where the expansion is not good enough.
    const FEW: [f64; 9] = [
        12.706_205, 4.302_653, 3.182_446, 2.776_445, 2.570_582, 2.446_912, 2.364_624, 2.306_004,
        2.262_157,
    ];
    if let Some(known) = freedom.checked_sub(1).and_then(|place| FEW.get(place)) {
        return *known;
    }
    let (n, z) = (freedom as f64, Z95);
    let [z3, z5, z7, z9] = [3, 5, 7, 9].map(|power| z.powi(power));
    z + (z3 + z) / (4.0 * n)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * n * n)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * n.powi(3))
        + (79.0 * z9 + 776.0 * z7 + 1482.0 * z5 - 1920.0 * z3 - 945.0 * z) / (92160.0 * n.powi(4))
}
