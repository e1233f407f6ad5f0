//! What stands on a message under way: the same in both languages.

use super::message::RaftMessage;

/// What stands on a message.
pub(super) fn label(message: &RaftMessage) -> String {
    match message {
        RaftMessage::VoteRequest { term, .. } => format!("vote? t{}", term.0),
        RaftMessage::VoteRequestAsTold { term, .. } => format!("vote! t{}", term.0),
        RaftMessage::VoteReply { term, granted } => {
            format!("{} t{}", if *granted { "yes" } else { "no" }, term.0)
        }
        RaftMessage::AppendEntries { term, entries, .. } => match entries.iter().next() {
            None => format!("♥ t{}", term.0),
            Some(entry) if entries.len() == 1 => format!("{entry} t{}", term.0),
            Some(first) => format!("{first} +{} t{}", entries.len() - 1, term.0),
        },
        RaftMessage::AppendReply {
            success: true,
            index,
            ..
        } => format!("ok {}", index.0),
        RaftMessage::AppendReply {
            success: false,
            index,
            ..
        } => format!("✗ {}", index.0),
        RaftMessage::ClientRequest { op, .. } => op.to_string(),
        RaftMessage::ClientReply { answer, .. } => answer.label(),
        RaftMessage::PreVoteRequest { next, .. } => format!("pre? t{}", next.0),
        RaftMessage::PreVoteReply { next, granted, .. } => {
            format!("pre {} t{}", if *granted { "yes" } else { "no" }, next.0)
        }
        RaftMessage::TimeoutNow { term } => format!("now! t{}", term.0),
        RaftMessage::InstallSnapshot { piece, .. } => {
            let last = piece.last.1.0;
            let sent = piece.offset as usize + piece.items.len();
            format!("▤{last} {sent}{}", if piece.done { " ■" } else { " …" })
        }
        RaftMessage::InstallReply {
            last, done, offset, ..
        } => {
            if *done {
                format!("ok ▤{}", last.0)
            } else {
                format!("▤{} {offset}", last.0)
            }
        }
    }
}

/// What stands on a message of a server inside another engine.
#[must_use]
pub fn inside_label(message: &RaftMessage) -> String {
    match message {
        RaftMessage::VoteRequest { term, .. } => format!("vote? t{}", term.0),
        RaftMessage::VoteReply { term, granted } => {
            format!("{} t{}", if *granted { "yes" } else { "no" }, term.0)
        }
        RaftMessage::AppendEntries { entries, .. } if entries.is_empty() => "♥".to_owned(),
        RaftMessage::AppendEntries { entries, .. } => format!("+{}", entries.len()),
        RaftMessage::AppendReply { success, index, .. } => {
            format!("{} {}", if *success { "ok" } else { "✗" }, index.0)
        }
        // Raft's own clients are not here, and all options are off.
        RaftMessage::ClientRequest { .. }
        | RaftMessage::ClientReply { .. }
        | RaftMessage::PreVoteRequest { .. }
        | RaftMessage::PreVoteReply { .. }
        | RaftMessage::TimeoutNow { .. }
        | RaftMessage::InstallSnapshot { .. }
        | RaftMessage::InstallReply { .. }
        | RaftMessage::VoteRequestAsTold { .. } => String::new(),
    }
}
