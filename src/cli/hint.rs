//! What to write instead of a flag that there is not.

use super::args::Args;
use crate::protocols;
use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// The error, with a better hint where the flag has the name of a parameter: `--nodes 5` is `--set nodes=5`.
pub(super) fn with(mut error: Error) -> Error {
    let unknown = match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::UnknownArgument, Some(ContextValue::String(flag))) => flag.clone(),
        _ => return error,
    };
    let flag = unknown.split('=').next().unwrap_or_default();
    let name = flag.trim_start_matches('-').replace('-', "_");
    let labs = protocols::labs();
    let mut params = labs.iter().flat_map(|lab| lab.info().params);
    if !params.any(|spec| spec.name == name) || !sets_parameters() {
        return error;
    }
    // What else clap thinks of is further away.
    error.remove(ContextKind::SuggestedArg);
    let hint = format!("a parameter of a lab is set by '--set {name}=VALUE'");
    error.insert(
        ContextKind::Suggested,
        ContextValue::StyledStrs(vec![hint.into()]),
    );
    error
}

/// Whether the chore that was asked for takes parameters.
fn sets_parameters() -> bool {
    let asked = std::env::args().nth(1).unwrap_or_default();
    let command = Args::command();
    let chore = command.find_subcommand(asked);
    chore.is_some_and(|chore| chore.get_arguments().any(|flag| flag.get_id() == "set"))
}
