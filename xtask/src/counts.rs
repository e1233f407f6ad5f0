//! Counts what ran, from the lines that cargo's and Node's test runners print.

use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::AddAssign;
use std::process::{Command, Stdio};

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Counts {
    /// One check that either holds or does not.
    pub(crate) fn of(success: bool) -> Self {
        Self {
            passed: u64::from(success),
            failed: u64::from(!success),
        }
    }
}

/// `test result: ok. 12 passed; 0 failed; …`, printed once for every test binary.
pub(crate) fn cargo_line(line: &str) -> Option<Counts> {
    let parts = line.trim().strip_prefix("test result: ")?;
    let number_before = |word: &str| {
        let before = parts.split(word).next()?;
        before.split_whitespace().last()?.parse().ok()
    };
    Some(Counts {
        passed: number_before(" passed")?,
        failed: number_before(" failed")?,
    })
}

/// `ℹ pass 12`, `ℹ fail 0`, `ℹ cancelled 0`, printed at the end of a run of Node's.
pub(crate) fn node_line(line: &str) -> Option<Counts> {
    let plain = without_colour(line);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let &[mark, word, number] = words.as_slice() else {
        return None;
    };
    if mark != "ℹ" && mark != "#" {
        return None;
    }
    let number = number.parse().ok()?;
    match word {
        "pass" => Some(Counts {
            passed: number,
            failed: 0,
        }),
        // A cancelled test is one that never came to its end.
        "fail" | "cancelled" => Some(Counts {
            passed: 0,
            failed: number,
        }),
        _ => None,
    }
}

/// Runs a test runner, shows what it prints, and counts as it goes.
pub(crate) fn watch(
    command: &mut Command,
    count: impl Fn(&str) -> Option<Counts>,
) -> Result<Counts, String> {
    let describe = |error: std::io::Error| format!("A test runner was lost: {error}.");
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("A test runner could not be started: {error}."))?;
    let mut counts = Counts::default();
    if let Some(output) = child.stdout.take() {
        let mut reader = BufReader::new(output);
        let mut line = Vec::new();
        // Bytes, not strings: what a test prints need not be text.
        while reader.read_until(b'\n', &mut line).map_err(&describe)? > 0 {
            std::io::stdout().write_all(&line).map_err(&describe)?;
            if let Some(more) = count(&String::from_utf8_lossy(&line)) {
                counts += more;
            }
            line.clear();
        }
    }
    let status = child.wait().map_err(&describe)?;
    // Code that does not compile has no result line, and yet it must not pass for green.
    if !status.success() && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(counts)
}

/// The line less the escape sequences that colour it.
fn without_colour(line: &str) -> String {
    let mut plain = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_result_lines_count() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(
            cargo_line(line),
            Some(Counts {
                passed: 12,
                failed: 3
            })
        );
        assert_eq!(cargo_line("test lab::forks ... ok"), None);
    }

    #[test]
    fn node_summary_lines_count() {
        let passed = |passed| Some(Counts { passed, failed: 0 });
        let failed = |failed| Some(Counts { passed: 0, failed });
        assert_eq!(node_line("ℹ pass 7"), passed(7));
        assert_eq!(node_line("\u{1b}[34mℹ fail 2\u{1b}[39m"), failed(2));
        assert_eq!(node_line("# cancelled 1"), failed(1));
        assert_eq!(node_line("ℹ duration_ms 12.5"), None);
        assert_eq!(node_line("✔ the page opens"), None);
    }

    #[test]
    fn a_runner_that_dies_without_a_result_counts_as_a_failure() {
        // A program that is certainly there and certainly fails.
        let mut command = Command::new("rustc");
        command.arg("--no-such-flag").stderr(Stdio::null());
        assert_eq!(watch(&mut command, cargo_line), Ok(Counts::of(false)));
    }
}
