//! Builds and serves the page. Trunk does the work; this makes sure that Trunk can.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Child;
use std::thread;
use std::time::Duration;

use crate::setup::{self, Need, SITE};
use crate::workspace::Workspace;

/// What a release takes besides: wasm-opt, which comes by npm, and what renders the documentation.
const RELEASE: [Need; 2] = [Need::Npm, Need::MdBook];

/// How often to look whether Trunk has finished its first build and serves it.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What Trunk is not to watch. It wants each of them to be there, and in a fresh clone none is.
const UNWATCHED: [&str; 4] = ["dist", "node_modules", "target", "test-output"];

/// Builds the released page into `dist/`.
pub(crate) fn build(workspace: &Workspace) -> Result<(), String> {
    setup::provide(workspace, &SITE)?;
    setup::provide(workspace, &RELEASE)?;
    workspace.run("trunk", &["build", "--release"])?;
    workspace.run("node", &["build/sizes.mjs", "dist"])
}

/// Where a release is laid out: outside what Trunk empties, so that older versions stay.
const RELEASES: &str = "target/release-files";

/// Builds the released page and lays it out by its version (docs/versions.md).
pub(crate) fn release(workspace: &Workspace) -> Result<(), String> {
    build(workspace)?;
    workspace.run("node", &["build/release.mjs", "dist", RELEASES])
}

/// Builds the page, serves it, and builds again whenever a file changes, until the person stops it.
pub(crate) fn serve(workspace: &Workspace, release: bool, port: u16) -> Result<(), String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    // Before the long build, not after it.
    TcpListener::bind(address).map_err(|error| {
        format!("Port {port} cannot be used ({error}): choose another one with `--port`.")
    })?;
    setup::provide(workspace, &SITE)?;
    if release {
        setup::provide(workspace, &RELEASE)?;
    }
    for folder in UNWATCHED {
        fs::create_dir_all(workspace.root.join(folder))
            .map_err(|error| format!("The folder {folder} cannot be made: {error}."))?;
    }
    let mut command = workspace.command("trunk");
    command.args(["serve", "--address", "127.0.0.1", "--port"]);
    command.arg(port.to_string());
    if release {
        command.arg("--release");
    }
    let mut trunk = command
        .spawn()
        .map_err(|error| format!("Trunk could not be started: {error}."))?;
    announce(&mut trunk, address)?;
    let status = trunk
        .wait()
        .map_err(|error| format!("Trunk was lost: {error}."))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("Trunk stopped ({status})."))
    }
}

/// Prints the address as soon as it answers; the error where Trunk ends before that.
fn announce(trunk: &mut Child, address: SocketAddr) -> Result<(), String> {
    while TcpStream::connect(address).is_err() {
        if let Ok(Some(status)) = trunk.try_wait() {
            return Err(format!(
                "Trunk stopped before it served the page ({status})."
            ));
        }
        thread::sleep(LOOK_EVERY);
    }
    println!("\nSplitbrain is at http://{address}/ (Ctrl-C stops it)\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_trunk_does_not_watch_is_what_its_settings_say() {
        let settings = include_str!("../../Trunk.toml");
        let listed = UNWATCHED.map(|folder| format!("\"{folder}\"")).join(", ");
        assert!(settings.contains(&format!("\nignore = [{listed}]\n")));
    }
}
