//! Where documents go. A reader that closed the pipe has seen enough: that is no fault.

use super::complain::Bad;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};

/// A document under way to stdout or to a file.
pub(super) struct Output {
    to: BufWriter<Box<dyn Write>>,
    /// The name of the file, in complaints.
    file: Option<String>,
    /// What went wrong first. Nothing is written after it.
    failed: Option<std::io::Error>,
}

impl Output {
    pub(super) fn stdout() -> Self {
        Self::new(Box::new(std::io::stdout().lock()), None)
    }

    pub(super) fn file(name: &str) -> Result<Self, Bad> {
        let file = File::create(name).map_err(|error| Bad::io(name, "error-out", &error))?;
        Ok(Self::new(Box::new(file), Some(name.to_owned())))
    }

    fn new(to: Box<dyn Write>, file: Option<String>) -> Self {
        Output {
            to: BufWriter::with_capacity(1 << 16, to),
            file,
            failed: None,
        }
    }

    /// Writes, unless an earlier write failed.
    pub(super) fn with(&mut self, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) {
        if self.failed.is_none() {
            self.failed = write(&mut self.to).err();
        }
    }

    /// Whether nobody reads on.
    pub(super) fn failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Writes out what is left. Whether all of it arrived; a closed pipe is not an error.
    pub(super) fn end(mut self) -> Result<bool, Bad> {
        self.with(|_| Ok(()));
        if self.failed.is_none() {
            self.failed = self.to.flush().err();
        }
        match self.failed {
            None => Ok(true),
            Some(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
            Some(error) => Err(match self.file {
                Some(name) => Bad::io(&name, "error-out", &error),
                None => Bad::io("<stdout>", "error-stdout", &error),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken(ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn ended(kind: ErrorKind) -> Result<bool, Bad> {
        let mut output = Output::new(Box::new(Broken(kind)), None);
        output.with(|to| writeln!(to, "something"));
        output.end()
    }

    #[test]
    fn a_closed_pipe_is_no_fault_and_a_full_disk_is_told() {
        assert!(!ended(ErrorKind::BrokenPipe).expect("no fault"));
        let told = ended(ErrorKind::StorageFull).expect_err("told").to_string();
        assert!(
            told.starts_with("<stdout>:1:1: the output cannot be written: "),
            "{told}"
        );
    }
}
