//! Numbers as text, for styles and labels. The standard library writes floating-point numbers, too,
//! but exactly, and that costs the download as much as a panel.

/// A number with so many places after the point, rounded. None of ours is larger than a `u64`.
pub(super) fn fixed(number: f64, places: u32) -> String {
    let one = 10_u64.pow(places);
    let all = (number.abs() * one as f64 + 0.5) as u64;
    let sign = if number < 0.0 && all > 0 { "-" } else { "" };
    let whole = all / one;
    if places == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{:0wide$}", all % one, wide = places as usize)
}
