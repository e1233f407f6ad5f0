//! Why clients, stores and the resource did what they did.

crate::notes! {
    ASKED = "asked" ["store", "token"] "Redis documentation, SET: NX, PX, and a random value";
    HOLDS = "holds" ["number", "left", "took"] "Gray & Cheriton 1989: the holder's term ends before the server's";
    HOLDS_FOR_EVER = "holds-for-ever" ["number"] "the rule time-to-live is off";
    TOO_LATE = "too-late" ["took", "ttl"] "Gray & Cheriton 1989: the holder's term ends before the server's";
    WAITS = "waits" ["span"] "";
    NO_ANSWER = "no-answer" ["store"] "";
    LATE_ANSWER = "late-answer" ["token"] "Redis documentation, SET: the random value is unique over all requests";
    LOOKED = "looked" ["left", "work"] "Kleppmann 2016: the check comes before the work, and the pause between";
    WROTE = "wrote" ["number"] "Kleppmann 2016: nobody looks at the clock here";
    FENCED_OFF = "fenced-off" ["number"] "Kleppmann 2016: the fencing token";
    LEASE_OVER = "lease-over" ["number"] "Gray & Cheriton 1989";
    GAVE_BACK = "gave-back" ["token"] "Redis documentation, distributed locks: delete only if the value is still one's own";
    GAVE_BACK_BLINDLY = "gave-back-blindly" ["token"] "the rule compare-the-token is off";
    SET = "set" ["client", "token", "left", "number"] "Redis documentation, SET: NX, PX";
    SET_FOR_EVER = "set-for-ever" ["client", "token", "left", "number"] "the rule time-to-live is off";
    SET_BY_A_FOREIGN_CLOCK = "set-by-a-foreign-clock" ["client", "token", "left", "number"] "the rule own-clock is off";
    HELD = "held" ["client", "owner", "left"] "Redis documentation, SET: NX sets only what does not exist";
    EXPIRED = "expired" ["owner", "token"] "Redis documentation, EXPIRE";
    DELETED = "deleted" ["client", "owner"] "Redis documentation, distributed locks: compare and delete";
    DELETED_ANOTHERS = "deleted-anothers" ["client", "owner"] "the rule compare-the-token is off";
    NOT_ITS_TOKEN = "not-its-token" ["client", "owner"] "Redis documentation, distributed locks: compare and delete";
    NOTHING_TO_DELETE = "nothing-to-delete" ["client", "owner"] "";
    NOT_THE_PRIMARY = "not-the-primary" ["client"] "";
    COPIED = "copied" ["version"] "Redis documentation, replication";
    TOOK_OVER = "took-over" ["version"] "Redis documentation, replication: asynchronous unless one waits for it";
    NO_REPLICA = "no-replica" [] "";
    LAPSED = "lapsed" ["client"] "";
    RETIRED = "retired" [] "";
    ACCEPTED = "accepted" ["writer", "number", "highest"] "Kleppmann 2016: the fencing token";
    ACCEPTED_UNSEEN = "accepted-unseen" ["writer"] "no fencing number comes with it";
    REFUSED = "refused" ["writer", "number", "highest"] "Kleppmann 2016: the fencing token";
    TWO_GRANTS = "two-grants" ["first", "second"] "";
    TWO_BELIEVERS = "two-believers" ["first", "second"] "";
    OLDER_WRITE = "older-write" ["writer", "grant", "after"] "";
}
