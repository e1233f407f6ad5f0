//! Splitbrain: real protocol engines in one deterministic world, to be broken by hand.
//! The page on wasm32, the command line elsewhere.

#[cfg(target_arch = "wasm32")]
fn main() {
    splitbrain::ui::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    splitbrain::cli::main()
}
