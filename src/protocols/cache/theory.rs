//! How often a cache should have what is asked for, where keys are drawn independently and nothing is
//! written: formulas to set beside a run.

use super::shelf::Eviction;

/// The chance that a key is on the shelf, by how often it is asked for in one characteristic time.
fn present(eviction: Eviction, asked: f64) -> f64 {
    match eviction {
        // It was asked for at least once in that time (Che, Tung & Wang 2002).
        Eviction::Lru => 1.0 - libm::exp(-asked),
        // It stays for that time, and comes back when it is asked for next: as with random eviction
        // (Gelenbe 1973; Fricker, Robert & Roberts 2012).
        Eviction::Fifo | Eviction::Lfu => asked / (1.0 + asked),
    }
}

/// The characteristic time: where as many keys as there are slots are present, on average.
fn characteristic(eviction: Eviction, shares: &[f64], capacity: f64) -> f64 {
    let filled = |time: f64| -> f64 { shares.iter().map(|p| present(eviction, p * time)).sum() };
    let (mut low, mut high) = (0.0, 1.0);
    while filled(high) < capacity && high < 1e15 {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if filled(middle) < capacity {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// The share of questions that are answered at once; for LFU a bound, the most it can be. The shares are in order, the
/// greatest first.
pub(super) fn hit_ratio(eviction: Eviction, shares: &[f64], capacity: usize) -> f64 {
    if capacity >= shares.len() {
        return 1.0;
    }
    if eviction == Eviction::Lfu {
        // No cache that does not know the future can do better than to keep the most popular. LFU on the shelf comes
        // near and stays below: who goes takes its count along, and each miss lets a newcomer in.
        return shares.iter().take(capacity).sum();
    }
    let time = characteristic(eviction, shares, capacity as f64);
    shares.iter().map(|p| p * present(eviction, p * time)).sum()
}

/// The same, inside a `math` element.
pub(super) fn formula(eviction: Eviction) -> String {
    let p = "<msub><mi>p</mi><mi>i</mi></msub>";
    let sum = |top: &str| {
        format!(
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>{top}</mi></munderover>"
        )
    };
    match eviction {
        Eviction::Lru => format!(
            "{}{p}<mo>(</mo><mn>1</mn><mo>−</mo><msup><mi>e</mi><mrow><mo>−</mo>{p}<mi>T</mi></mrow></msup><mo>)</mo>",
            sum("n")
        ),
        Eviction::Fifo => format!(
            "{}{p}<mfrac><mrow>{p}<mi>T</mi></mrow><mrow><mn>1</mn><mo>+</mo>{p}<mi>T</mi></mrow></mfrac>",
            sum("n")
        ),
        Eviction::Lfu => format!("{}{p}", sum("C")),
    }
}
