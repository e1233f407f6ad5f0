//! Splitbrain: real protocol engines in one deterministic world, to be broken by hand.
//! The page on wasm32, the command line elsewhere.

// There the page begins with `ui::exports::start`, which static/loader.js calls once it has the words, too.
#[cfg(target_arch = "wasm32")]
use splitbrain as _;

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    splitbrain::cli::main()
}
