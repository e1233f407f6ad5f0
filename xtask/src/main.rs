//! The project's chores: `cargo xtask serve`, `cargo xtask test` and their kin.
//!
//! They need rustup's Rust, Node with npm, and git. Whatever else is missing they install themselves,
//! saying so first. They call the tools that a person could call by hand: Trunk, cargo, node.

mod arguments;
mod counts;
mod setup;
mod site;
mod tests;
mod workspace;

use std::process::ExitCode;

use arguments::Chore;
use setup::Need;
use workspace::Workspace;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let chore = match arguments::parse(&words) {
        Ok(chore) => chore,
        Err(sentence) => {
            eprintln!("{sentence}\n\n{}", arguments::HELP);
            return ExitCode::from(2);
        }
    };
    match run(&chore) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Does the chore. `Ok(false)`: it ran and reported failures itself. `Err`: one sentence that says why not.
fn run(chore: &Chore) -> Result<bool, String> {
    let workspace = Workspace::find()?;
    match chore {
        Chore::Help => {
            println!("{}", arguments::HELP);
            Ok(true)
        }
        Chore::Serve { release, port } => site::serve(&workspace, *release, *port).map(|()| true),
        Chore::Build => site::build(&workspace).map(|()| true),
        Chore::Release => site::release(&workspace).map(|()| true),
        Chore::Test(parts) => tests::run(&workspace, *parts),
        Chore::Bench => bench(&workspace).map(|()| true),
        Chore::Bless => bless(&workspace).map(|()| true),
        Chore::Sweep(labs) => sweep(&workspace, labs).map(|()| true),
    }
}

/// Measures natively, and in a browser where `benches/run.mjs` says how.
fn bench(workspace: &Workspace) -> Result<(), String> {
    workspace.run("cargo", &["bench", "--package", "splitbrain"])?;
    if workspace.root.join("benches/run.mjs").exists() {
        setup::provide(workspace, &[Need::Npm])?;
        site::build(workspace)?;
        workspace.run("node", &["benches/run.mjs"])?;
    }
    Ok(())
}

/// Runs every story and writes down what it did, to be read in the diff.
fn bless(workspace: &Workspace) -> Result<(), String> {
    let mut command = workspace.command("cargo");
    command
        .args(["test", "--test", "stories"])
        .env("SPLITBRAIN_BLESS", "1");
    workspace::finish(&mut command, "cargo test --test stories")
}

/// The test that makes the sweep where it is asked to.
const SWEEP: &str = "what_each_rule_took_is_written_down";

/// Looks for a violation of every rule of these labs, or of all, and for none with all rules on; writes
/// docs/checking.md. It has a profile of its own, because what is compiled for size takes far longer.
fn sweep(workspace: &Workspace, labs: &[String]) -> Result<(), String> {
    let mut command = workspace.command("cargo");
    command
        .args(["test", "--profile", "sweep", "--test", "search", SWEEP])
        // How far it is goes to the terminal.
        .args(["--", "--nocapture"])
        .env("SPLITBRAIN_SWEEP", labs.join(","));
    workspace::finish(&mut command, "cargo test --profile sweep --test search")
}
