//! A fault of ours: one sentence, and exit code 3.
//!
//! The release build aborts on a panic, so there is nothing to catch it with; the hook, which
//! runs before the abort, says so and ends the program itself.

use std::io::Write;
use std::panic::PanicHookInfo;

/// The exit code of a fault of ours.
const CODE: i32 = 3;

/// From here on a panic ends the program with exit code 3.
pub(super) fn catch() {
    std::panic::set_hook(Box::new(end));
}

fn end(fault: &PanicHookInfo<'_>) {
    let payload = fault.payload();
    let said = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason given");
    let place = fault.location().map(ToString::to_string);
    // Not eprintln: it would panic in turn where stderr is closed.
    let _ = writeln!(
        std::io::stderr(),
        "splitbrain: this is a fault of ours, not of your input: {said} ({})",
        place.unwrap_or_default()
    );
    std::process::exit(CODE);
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    const CHILD: &str = "SPLITBRAIN_TEST_FAULT";

    #[test]
    fn a_fault_of_ours_is_one_sentence_and_exit_code_3() {
        if std::env::var_os(CHILD).is_some() {
            super::catch();
            panic!("the sky fell");
        }
        let this = std::env::current_exe().expect("the path of this test");
        let name = "cli::fault::tests::a_fault_of_ours_is_one_sentence_and_exit_code_3";
        let child = Command::new(this)
            .args(["--exact", name, "--nocapture"])
            .env(CHILD, "1")
            .output()
            .expect("the child runs");
        assert_eq!(child.status.code(), Some(3));
        let said = String::from_utf8_lossy(&child.stderr);
        assert!(
            said.contains("a fault of ours, not of your input: the sky fell"),
            "{said}"
        );
    }
}
