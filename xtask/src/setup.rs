//! Installs what is missing: says first what it will be, and does nothing twice.

use std::fs;
use std::path::Path;

use crate::workspace::{Workspace, finish};

const TRUNK_VERSION: &str = "0.21.14";
const MDBOOK_VERSION: &str = "0.5.4";
const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// A copy of the lock file that `npm ci` last obeyed. npm empties the folder first, so it cannot outlive it.
const NPM_STAMP: &str = "node_modules/.installed-lock.json";

/// Something that a chore cannot do without.
#[derive(Clone, Copy)]
pub(crate) enum Need {
    WasmTarget,
    Trunk,
    WasmBindgen,
    /// Renders the documentation.
    MdBook,
    Npm,
}

/// All that building the page takes.
pub(crate) const SITE: [Need; 3] = [Need::WasmTarget, Need::Trunk, Need::WasmBindgen];

/// One installation that is still to be done.
enum Step {
    WasmTarget,
    /// A program from the Rust package registry. `aside`: the person has another version, which stays.
    Cargo {
        package: &'static str,
        version: String,
        /// The only features to be compiled, where not all are wanted.
        features: Option<&'static str>,
        aside: bool,
    },
    Npm,
}

impl Step {
    fn describe(&self) -> String {
        match self {
            Self::WasmTarget => format!("Rust's {WASM_TARGET} target (rustup, some 30 MB)"),
            Self::Cargo {
                package, version, ..
            } => format!("{package} {version} (compiled by cargo, some minutes)"),
            Self::Npm => "the npm packages of package-lock.json (into node_modules)".to_owned(),
        }
    }

    fn install(&self, workspace: &Workspace) -> Result<(), String> {
        match self {
            Self::WasmTarget => workspace.run("rustup", &["target", "add", WASM_TARGET]),
            Self::Cargo {
                package,
                version,
                features,
                aside,
            } => {
                let mut command = workspace.command("cargo");
                command.args(["install", package, "--version", version, "--locked"]);
                if let Some(features) = features {
                    command.args(["--no-default-features", "--features", features]);
                }
                // Trunk asks to be optimised as one whole, which takes longer than all the rest.
                command.env("CARGO_PROFILE_RELEASE_LTO", "off");
                command.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
                if *aside {
                    command.arg("--root").arg(&workspace.tools);
                }
                finish(&mut command, &format!("cargo install {package}"))
            }
            Self::Npm => install_npm(workspace),
        }
    }
}

/// Installs those of the needs that are not there yet.
pub(crate) fn provide(workspace: &Workspace, needs: &[Need]) -> Result<(), String> {
    let mut steps = Vec::new();
    for need in needs {
        steps.extend(missing(workspace, *need)?);
    }
    if steps.is_empty() {
        return Ok(());
    }
    println!("Still missing, and about to be installed:");
    for step in &steps {
        println!("  - {}", step.describe());
    }
    for (index, step) in steps.iter().enumerate() {
        println!("[{}/{}] {}", index + 1, steps.len(), step.describe());
        step.install(workspace)?;
    }
    Ok(())
}

fn missing(workspace: &Workspace, need: Need) -> Result<Option<Step>, String> {
    match need {
        Need::WasmTarget => Ok((!has_wasm_target(workspace)).then_some(Step::WasmTarget)),
        Need::Trunk => Ok(missing_tool(
            workspace,
            "trunk",
            "trunk",
            None,
            TRUNK_VERSION.to_owned(),
        )),
        // Without the server and the watcher, which have the most dependencies.
        Need::MdBook => Ok(missing_tool(
            workspace,
            "mdbook",
            "mdbook",
            Some("search"),
            MDBOOK_VERSION.to_owned(),
        )),
        Need::WasmBindgen => {
            let lock = read(&workspace.root.join("Cargo.lock"))?;
            // Its two halves must be of exactly one version, so the lock file decides.
            let version = locked_version(&lock, "wasm-bindgen")
                .ok_or("Cargo.lock does not name wasm-bindgen.")?;
            Ok(missing_tool(
                workspace,
                "wasm-bindgen",
                "wasm-bindgen-cli",
                None,
                version,
            ))
        }
        Need::Npm => {
            let lock = read(&workspace.root.join("package-lock.json"))?;
            let done = fs::read_to_string(workspace.root.join(NPM_STAMP)).unwrap_or_default();
            Ok((lock != done).then_some(Step::Npm))
        }
    }
}

fn has_wasm_target(workspace: &Workspace) -> bool {
    // Asks the compiler, not rustup: a distribution's Rust may bring the target without it.
    workspace
        .ask(
            "rustc",
            &["--print", "target-libdir", "--target", WASM_TARGET],
        )
        .is_some_and(|folder| Path::new(&folder).is_dir())
}

fn missing_tool(
    workspace: &Workspace,
    program: &str,
    package: &'static str,
    features: Option<&'static str>,
    version: String,
) -> Option<Step> {
    let found = workspace
        .ask(program, &["--version"])
        .and_then(|line| printed_version(&line));
    let aside = found.is_some();
    (found.as_deref() != Some(version.as_str())).then_some(Step::Cargo {
        package,
        version,
        features,
        aside,
    })
}

fn install_npm(workspace: &Workspace) -> Result<(), String> {
    workspace.run("npm", &["ci"])?;
    let (lock, stamp) = ("package-lock.json", NPM_STAMP);
    fs::copy(workspace.root.join(lock), workspace.root.join(stamp))
        .map(|_| ())
        .map_err(|error| format!("{stamp} cannot be written: {error}."))
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))
}

/// The version of a package in a `Cargo.lock`.
fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
        .map(str::to_owned)
}

/// The version in what a program answers to `--version`: the first word that begins with a digit.
fn printed_version(line: &str) -> Option<String> {
    // mdBook writes `mdbook v0.5.4`.
    line.split_whitespace()
        .map(|word| word.strip_prefix('v').unwrap_or(word))
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_tells_the_version_of_just_that_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.126\"\n";
        assert_eq!(
            locked_version(lock, "wasm-bindgen").as_deref(),
            Some("0.2.126")
        );
        assert_eq!(locked_version(lock, "yew"), None);
    }

    #[test]
    fn a_program_tells_its_version() {
        assert_eq!(
            printed_version("wasm-bindgen 0.2.126").as_deref(),
            Some("0.2.126")
        );
        assert_eq!(
            printed_version("wasm-bindgen 0.2.92 (abcdef)").as_deref(),
            Some("0.2.92")
        );
        assert_eq!(printed_version("mdbook v0.5.4").as_deref(), Some("0.5.4"));
        assert_eq!(printed_version("unknown"), None);
    }
}
