//! Splitbrain: real protocol engines in one deterministic world, to be broken by hand.
//! The page on wasm32, the command line elsewhere.

fn main() {
    #[cfg(target_arch = "wasm32")]
    splitbrain::ui::mount();
}
