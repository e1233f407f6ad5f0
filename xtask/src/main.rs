//! The project chores: `cargo xtask serve`, `cargo xtask test`.
fn main() {}
