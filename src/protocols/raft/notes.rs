//! Why a server did what it did, each with the rule of the paper that it applied.

crate::notes! {
    BECAME_FOLLOWER = "became-follower" ["term"] "section 5.2: a server starts as follower";
    ELECTION_STARTED = "election-started" ["term", "waited"] "figure 2, Candidates 1";
    WON = "election-won" ["term", "votes", "servers"] "figure 2, Candidates 2";
    STEPPED_DOWN = "stepped-down" ["from", "term", "old"] "figure 2, All servers 2";
    GAVE_UP = "candidate-gave-up" ["leader", "term"] "figure 2, Candidates 3";
    VOTE_GRANTED = "vote-granted" ["candidate", "term"] "figure 2, RequestVote, receiver 2";
    VOTE_REFUSED_TERM = "vote-refused-term" ["candidate", "theirs", "mine"] "figure 2, RequestVote, receiver 1";
    VOTE_REFUSED_VOTED = "vote-refused-voted" ["candidate", "term", "voted"] "figure 2, RequestVote, receiver 2";
    VOTE_REFUSED_LOG = "vote-refused-log" ["candidate", "theirs", "mine"] "figure 2, RequestVote, receiver 2; section 5.4.1";
    VOTE_COUNTED = "vote-counted" ["voter", "votes", "needed"] "figure 2, Candidates 2";
    VOTE_DENIED = "vote-denied" ["voter", "term"] "figure 2, Candidates 2";
    VOTE_IGNORED = "vote-ignored" ["voter", "theirs", "mine"] "section 5.1: a stale term is ignored";
    VOTE_SURPLUS = "vote-surplus" ["voter"] "section 5.2: the election is decided";
    APPEND_REFUSED_TERM = "append-refused-term" ["leader", "theirs", "mine"] "figure 2, AppendEntries, receiver 1";
    APPEND_REFUSED_GAP = "append-refused-gap" ["leader", "prev", "mine"] "figure 2, AppendEntries, receiver 2";
    APPEND_REFUSED_CONFLICT = "append-refused-conflict" ["leader", "prev", "mine"] "figure 2, AppendEntries, receiver 2; section 5.3";
    ENTRIES_REMOVED = "entries-removed" ["from", "count"] "figure 2, AppendEntries, receiver 3";
    ENTRIES_APPENDED = "entries-appended" ["from", "count"] "figure 2, AppendEntries, receiver 4";
    HEARTBEAT = "heartbeat-heard" ["leader", "term"] "figure 2, Followers 2";
    COMMIT_FOLLOWED = "commit-followed" ["index"] "figure 2, AppendEntries, receiver 5";
    COMMITTED = "committed" ["index", "copies", "servers"] "figure 2, Leaders 4";
    COMMIT_HELD_TERM = "commit-held-term" ["index", "old", "term"] "section 5.4.2: an entry of an earlier term is not committed by counting";
    MATCHED = "matched" ["follower", "index"] "figure 2, Leaders 3";
    BACKED_UP = "backed-up" ["follower", "next"] "figure 2, Leaders 3; section 5.3: fast back-up";
    REPLY_STALE = "reply-stale" ["follower", "theirs", "mine"] "section 5.1: a stale term is ignored";
    REQUEST_APPENDED = "request-appended" ["client", "index"] "figure 2, Leaders 2";
    REQUEST_REPEATED = "request-repeated" ["client", "sequence"] "section 8: a session answers a repeated request without executing it again";
    REQUEST_REDIRECTED = "request-redirected" ["client", "leader"] "section 8: a follower names the leader it knows";
    REQUEST_NO_LEADER = "request-no-leader" ["client"] "section 8: no leader is known";
    READ_WAITS = "read-waits" ["client", "index", "round"] "section 8: a leader confirms that it leads before it answers a read";
    READ_WAITS_TERM = "read-waits-term" ["client", "term"] "section 8: a leader reads only after an entry of its own term is committed";
    READ_WAITS_ROUND = "read-waits-round" ["client", "round"] "dissertation, section 6.4: reads that gather during a round share the next one";
    READ_ANSWERED = "read-answered" ["client", "index"] "section 8";
    READ_UNCONFIRMED = "read-unconfirmed" ["client", "index"] "rule off: section 8 asks for a round of heartbeats first";
    APPLIED = "applied" ["index"] "figure 2, All servers 1";
    CLIENT_SENT = "client-sent" ["server", "sequence"] "section 8";
    CLIENT_RETRIED = "client-retried" ["server", "sequence"] "section 8: a client tries another server";
    CLIENT_REDIRECTED = "client-redirected" ["server", "leader"] "section 8";
    CLIENT_DONE = "client-done" ["sequence", "took"] "section 8";
    CLIENT_REFUSED = "client-refused" ["sequence", "took"] "section 8";
    CLIENT_IGNORED = "client-ignored" ["server", "sequence"] "an answer to a request that is over";
    NO_ORDER = "no-order" ["client", "sequence", "key"] "section 8: linearizable semantics";
}
