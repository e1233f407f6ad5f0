//! The page on wasm32, the command line elsewhere.

#[cfg(target_arch = "wasm32")]
fn main() { /* placeholder */
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    splitbrain::cli::main()
}
