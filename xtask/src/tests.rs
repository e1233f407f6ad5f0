//! Every test there is: lints, native tests, the released page in a real browser.

use std::fs;

use crate::arguments::Parts;
use crate::counts::{self, Counts};
use crate::setup::{self, Need};
use crate::site;
use crate::workspace::Workspace;

/// Warnings are mistakes here. The lint table stands in Cargo.toml.
const DENY: [&str; 3] = ["--", "-D", "warnings"];

/// What `tests/browser/browser.mjs` can find. One that is missing is a failure: its tests did not run.
const BROWSERS: [&str; 2] = ["chromium", "firefox"];

/// The counts so far, and the names of what failed.
#[derive(Default)]
struct Report {
    counts: Counts,
    failures: Vec<String>,
}

impl Report {
    fn add(&mut self, name: &str, counts: Counts) {
        self.counts += counts;
        if counts.failed > 0 {
            self.failures.push(name.to_owned());
        }
    }

    /// One thing that either works or says in a sentence why not.
    fn check(&mut self, name: &str, result: Result<(), String>) -> bool {
        let success = result.is_ok();
        if let Err(sentence) = result {
            eprintln!("{sentence}");
        }
        self.add(name, Counts::of(success));
        success
    }
}

/// Runs the parts and prints the closing line. True: nothing failed.
pub(crate) fn run(workspace: &Workspace, parts: Parts) -> Result<bool, String> {
    let mut report = Report::default();
    if parts.lint {
        lint(workspace, &mut report)?;
    }
    if parts.native {
        heading("native tests");
        let mut command = workspace.command("cargo");
        command.args(["test", "--workspace", "--no-fail-fast"]);
        report.add(
            "native tests",
            counts::watch(&mut command, counts::cargo_line)?,
        );
    }
    if parts.browser {
        browser(workspace, &mut report)?;
    }
    println!();
    for failure in &report.failures {
        println!("failed: {failure}");
    }
    let Counts { passed, failed } = report.counts;
    println!("{passed} passed, {failed} failed");
    Ok(failed == 0)
}

fn lint(workspace: &Workspace, report: &mut Report) -> Result<(), String> {
    setup::provide(workspace, &[Need::WasmTarget])?;
    let mut check = |name: &str, arguments: &[&str]| {
        heading(name);
        report.check(name, workspace.run("cargo", arguments));
    };
    check("formatting", &["fmt", "--all", "--check"]);
    let host = ["clippy", "--workspace", "--all-targets"];
    check("clippy, host", &[&host[..], &DENY].concat());
    let wasm = ["clippy", "--package", "splitbrain", "--target"];
    let wasm = [&wasm[..], &["wasm32-unknown-unknown"], &DENY].concat();
    check("clippy, wasm32", &wasm);
    Ok(())
}

fn browser(workspace: &Workspace, report: &mut Report) -> Result<(), String> {
    heading("the released page");
    if !report.check("the released page", site::build(workspace)) {
        return Ok(());
    }
    heading("browser tests");
    let mut files = Vec::new();
    for browser in BROWSERS {
        // Prints the browser that will be used, or the sentence that says how to get one.
        let found = workspace.run("node", &["tests/browser/browser.mjs", browser]);
        if found.is_ok() {
            files.extend(test_files(workspace, browser)?);
        } else {
            report.add(&format!("browser tests: no {browser}"), Counts::of(false));
        }
    }
    // What the recipes are tried with. One that cannot be had fails its own test, and this says how to get it.
    report.check(
        "tools of the recipes",
        workspace.run("node", &["tests/recipes/tools.mjs"]),
    );
    // Without a file Node would look for tests by itself.
    if files.is_empty() {
        return Ok(());
    }
    let mut command = workspace.command("node");
    // One file at a time: browsers beside each other slow one another down until waits run out.
    command.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]);
    command.args(files);
    report.add(
        "browser tests",
        counts::watch(&mut command, counts::node_line)?,
    );
    Ok(())
}

/// The files for one browser, named one by one, because Node's versions disagree about what a folder means.
fn test_files(workspace: &Workspace, browser: &str) -> Result<Vec<String>, String> {
    let folder = "tests/browser";
    let entries = fs::read_dir(workspace.root.join(folder))
        .map_err(|error| format!("{folder} cannot be read: {error}."))?;
    let mut files: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".test.mjs") && browser_of(name) == browser)
        .map(|name| format!("{folder}/{name}"))
        .collect();
    files.sort();
    Ok(files)
}

/// The browser that a file of tests drives: the one it is named after, else the first.
fn browser_of(file: &str) -> &'static str {
    let named = |browser: &&str| file.starts_with(browser);
    BROWSERS.into_iter().find(named).unwrap_or(BROWSERS[0])
}

fn heading(name: &str) {
    println!("\n== {name}");
}

#[cfg(test)]
mod itself {
    use super::*;

    #[test]
    fn a_file_of_tests_is_for_one_browser() {
        assert_eq!(browser_of("firefox.test.mjs"), "firefox");
        assert_eq!(browser_of("raft.test.mjs"), "chromium");
    }
}
