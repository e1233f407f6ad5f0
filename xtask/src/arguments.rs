//! The command line of the chores.

/// What `cargo xtask help` prints.
pub(crate) const HELP: &str = "\
cargo xtask serve [--release] [--port N]   build the page and serve it on 127.0.0.1 (port 8080)
cargo xtask test [--lint] [--native] [--browser]   run every test, or only these parts
cargo xtask build   build the released page into dist/
cargo xtask release   build it, and lay it out by its version, as an npm package and as a zip
cargo xtask bench   measure
cargo xtask bless   run the stories and write down what they did
cargo xtask sweep [LAB]...   look for a violation of every rule, and write down what it took (an hour; one lab, minutes)";

/// One thing to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Chore {
    Help,
    Serve {
        release: bool,
        port: u16,
    },
    Build,
    Release,
    Test(Parts),
    Bench,
    Bless,
    /// The labs by their ids; none means all.
    Sweep(Vec<String>),
}

/// Which tests to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) lint: bool,
    pub(crate) native: bool,
    pub(crate) browser: bool,
}

/// Reads the command line; the error is one sentence.
pub(crate) fn parse(words: &[String]) -> Result<Chore, String> {
    let mut words = words.iter().map(String::as_str);
    let name = words.next().unwrap_or("help");
    let rest: Vec<&str> = words.collect();
    match name {
        "help" | "--help" | "-h" => Ok(Chore::Help),
        "serve" => serve(&rest),
        "test" => test(&rest),
        "build" => alone(&rest, Chore::Build),
        "release" => alone(&rest, Chore::Release),
        "bench" => alone(&rest, Chore::Bench),
        "bless" => alone(&rest, Chore::Bless),
        "sweep" => sweep(&rest),
        other => Err(format!("There is no chore `{other}`.")),
    }
}

fn alone(rest: &[&str], chore: Chore) -> Result<Chore, String> {
    match rest.first() {
        None => Ok(chore),
        Some(word) => Err(unknown(word)),
    }
}

fn serve(rest: &[&str]) -> Result<Chore, String> {
    let (mut release, mut port) = (false, 8080);
    let mut words = rest.iter();
    while let Some(&word) = words.next() {
        match word {
            "--release" => release = true,
            "--port" => {
                let number = words.next().ok_or("`--port` needs a number.")?;
                port = number
                    .parse()
                    .map_err(|_| format!("`{number}` is not a port."))?;
            }
            other => return Err(unknown(other)),
        }
    }
    Ok(Chore::Serve { release, port })
}

fn test(rest: &[&str]) -> Result<Chore, String> {
    // No flag means all of them.
    let all = rest.is_empty();
    let mut parts = Parts {
        lint: all,
        native: all,
        browser: all,
    };
    for &word in rest {
        match word {
            "--lint" => parts.lint = true,
            "--native" => parts.native = true,
            "--browser" => parts.browser = true,
            other => return Err(unknown(other)),
        }
    }
    Ok(Chore::Test(parts))
}

fn sweep(rest: &[&str]) -> Result<Chore, String> {
    // Whether there is such a lab is for those to say who know them.
    match rest.iter().find(|word| word.starts_with('-')) {
        None => Ok(Chore::Sweep(
            rest.iter().map(|&lab| lab.to_owned()).collect(),
        )),
        Some(word) => Err(unknown(word)),
    }
}

fn unknown(word: &str) -> String {
    format!("`{word}` is not known here.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Chore, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&words)
    }

    #[test]
    fn serve_takes_a_port_and_a_profile() {
        assert_eq!(
            parsed("serve"),
            Ok(Chore::Serve {
                release: false,
                port: 8080
            })
        );
        assert_eq!(
            parsed("serve --port 9000 --release"),
            Ok(Chore::Serve {
                release: true,
                port: 9000
            })
        );
    }

    #[test]
    fn test_runs_everything_unless_parts_are_named() {
        let all = Parts {
            lint: true,
            native: true,
            browser: true,
        };
        assert_eq!(parsed("test"), Ok(Chore::Test(all)));
        let some = Parts { lint: false, ..all };
        assert_eq!(parsed("test --native --browser"), Ok(Chore::Test(some)));
    }

    #[test]
    fn sweep_takes_labs() {
        assert_eq!(parsed("sweep"), Ok(Chore::Sweep(Vec::new())));
        let two = vec!["raft".to_owned(), "counter".to_owned()];
        assert_eq!(parsed("sweep raft counter"), Ok(Chore::Sweep(two)));
        assert!(parsed("sweep --fast").is_err());
    }

    #[test]
    fn what_is_not_known_is_named() {
        assert_eq!(parsed("brew"), Err("There is no chore `brew`.".to_owned()));
        assert_eq!(
            parsed("serve --port many"),
            Err("`many` is not a port.".to_owned())
        );
        assert_eq!(
            parsed("build --fast"),
            Err("`--fast` is not known here.".to_owned())
        );
    }
}
