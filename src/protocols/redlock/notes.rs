//! Why clients and instances did what they did.

crate::notes! {
    ASKED = "asked" ["instances", "token", "ttl"] "Redis documentation, Redlock, steps 1 and 2";
    VALID = "valid" ["ttl", "elapsed", "drift", "validity"] "Redis documentation, Redlock, steps 3 and 4";
    TOO_LATE = "too-late" ["ttl", "elapsed", "drift", "validity"] "Redis documentation, Redlock, step 3: only if less time passed than the lock is valid for";
    REFUSED = "refused" ["no", "instances"] "Redis documentation, Redlock, step 5";
    NO_MAJORITY = "no-majority" [] "Redis documentation, Redlock, step 2: a time-out that is small against the time to live";
    WAITS = "waits" ["span"] "Redis documentation, Redlock: try again after a random delay";
    LATE_ANSWER = "late-answer" ["instance", "token"] "";
    LOOKED = "looked" ["left", "work"] "Kleppmann 2016: the check comes before the work, and the pause between";
    WROTE = "wrote" ["token"] "Kleppmann 2016: nobody looks at the clock here";
    OVER = "over" [] "Redis documentation, Redlock, step 4: the validity time";
    RELEASED = "released" ["instances", "token"] "Redis documentation, Redlock: unlock all instances, whether they said yes or not";
    SET = "set" ["client", "token", "ttl"] "Redis documentation, SET: NX, PX";
    HELD = "held" ["client", "owner", "left"] "Redis documentation, SET: NX sets only what does not exist";
    EXPIRED = "expired" ["owner", "token"] "Redis documentation, EXPIRE";
    DELETED = "deleted" ["client"] "Redis documentation, distributed locks: compare and delete";
    NOT_ITS_TOKEN = "not-its-token" ["client", "owner"] "Redis documentation, distributed locks: compare and delete";
    NOTHING_TO_DELETE = "nothing-to-delete" ["client"] "";
    SILENT = "silent" ["ttl"] "Redis documentation, Redlock: delayed restarts";
    KEEPS_SILENT = "keeps-silent" ["client"] "Redis documentation, Redlock: delayed restarts";
    READY = "ready" [] "Redis documentation, Redlock: delayed restarts";
    FORGOT = "forgot" [] "the rule delayed-restart is off";
    SET_AHEAD = "set-ahead" ["jump"] "the rule no-clock-jumps is off";
    SET_AHEAD_IN_VAIN = "set-ahead-in-vain" ["jump"] "Sanfilippo 2016: leases are to be counted by a clock that nobody sets";
    ACCEPTED = "accepted" ["writer"] "Kleppmann 2016: there is no fencing token to look at";
    TWO_GRANTS = "two-grants" ["first", "second"] "";
    TWO_BELIEVERS = "two-believers" ["first", "second"] "";
    LEFT_BEHIND = "left-behind" ["owner", "instance"] "";
    ASKS_NUMBER = "asks-number" ["number", "highest"] "our addition: one more than the highest that it has heard of";
    NUMBER_TAKEN = "number-taken" ["number", "highest"] "our addition: a number is used once";
    NUMBERED = "numbered" ["number"] "our addition: a majority has kept it, so whoever asks later hears of it";
    KEPT = "kept" ["client", "number"] "our addition: on disk before it is answered";
    NOT_KEPT = "not-kept" ["client", "number", "highest"] "our addition: not higher than what it has kept";
    FENCED_OFF = "fenced-off" ["number"] "Kleppmann 2016: somebody newer was there";
    ACCEPTED_NUMBER = "accepted-number" ["writer", "number", "highest"] "Kleppmann 2016: no lower than any before";
    WRITE_REFUSED = "write-refused" ["writer", "number", "highest"] "Kleppmann 2016: lower than one before";
    OLDER_WRITE = "older-write" ["writer"] "";
}
