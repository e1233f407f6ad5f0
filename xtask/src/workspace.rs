//! Where things are, and how other programs are called.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

/// The folder of the project and what belongs to it.
pub(crate) struct Workspace {
    /// The folder with `Cargo.lock` and `Trunk.toml`.
    pub(crate) root: PathBuf,
    /// Tools of a version that the project needs and the person's own PATH does not have.
    pub(crate) tools: PathBuf,
    path: OsString,
}

impl Workspace {
    /// Finds it from where this package stands, so that the chores work from any folder inside.
    pub(crate) fn find() -> Result<Self, String> {
        let package = env::var_os("CARGO_MANIFEST_DIR").ok_or("Start this as `cargo xtask`.")?;
        let root = PathBuf::from(package)
            .parent()
            .map(PathBuf::from)
            .ok_or("xtask stands in no workspace.")?;
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |folder| root.join(folder));
        let tools = target.join("tools");
        let mut folders = vec![tools.join("bin")];
        folders.extend(cargo_home().map(|home| home.join("bin")));
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        let path = env::join_paths(folders)
            .map_err(|error| format!("The PATH cannot be extended: {error}."))?;
        Ok(Self { root, tools, path })
    }

    /// A command that runs in the project's folder and finds the project's tools first.
    pub(crate) fn command(&self, program: &str) -> Command {
        // Windows finds a script only by its full name.
        let program = match program {
            "npm" if cfg!(windows) => "npm.cmd",
            other => other,
        };
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", &self.path);
        // Trunk reads this variable as a flag, and refuses the usual "1".
        if env::var_os("NO_COLOR").is_some() {
            command.env("NO_COLOR", "true");
        }
        command
    }

    /// Runs a program to its end, its output going to the person.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> Result<(), String> {
        let line = format!("{program} {}", arguments.join(" "));
        finish(self.command(program).args(arguments), &line)
    }

    /// What a program prints, or nothing where it is missing or fails.
    pub(crate) fn ask(&self, program: &str, arguments: &[&str]) -> Option<String> {
        let output = self.command(program).args(arguments).output().ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

/// Runs a command to its end; the error is one sentence that names it.
pub(crate) fn finish(command: &mut Command, line: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed ({status}).")),
        Err(error) => Err(format!("`{line}` could not be started: {error}.")),
    }
}

fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
}
