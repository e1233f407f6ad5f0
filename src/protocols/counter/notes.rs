//! Why clients, the store and the replicas did what they did.

crate::notes! {
    ASKED = "asked" ["to", "id"] "";
    RETRIED = "retried" ["to", "id"] "the rule retries-carry-an-id: the same id again";
    ANSWER_TOO_LATE = "answer-too-late" ["from", "id"] "";
    TRIES_AGAIN = "tries-again" ["found"] "Herlihy 1991: compare-and-swap in a loop";
    ACKNOWLEDGED = "acknowledged" ["op", "took"] "";
    HAS_READ = "has-read" ["op", "took"] "";
    ONLY_GROWS = "only-grows" [] "Shapiro et al. 2011, section 3.1: only a PN-Counter can be decremented";
    GIVES_BACK = "gives-back" [] "a client that came up again may still have the lock";
    READ = "read" ["client", "value"] "";
    PUT = "put" ["client", "value", "was"] "";
    SWAPPED = "swapped" ["client", "expected", "value"] "Herlihy 1991: compare-and-swap";
    DIFFERS = "differs" ["client", "expected", "found"] "Herlihy 1991: compare-and-swap";
    ADDED = "added" ["client", "value"] "Herlihy 1991: fetch-and-add";
    ANSWERED_AGAIN = "answered-again" ["client", "id"] "the rule retries-carry-an-id: done before, answered again";
    TOO_OLD = "too-old" ["client", "id"] "the rule retries-carry-an-id: a later one was done";
    STILL_WAITS = "still-waits" ["client"] "";
    WAITS = "waits" ["client", "holder", "before"] "";
    GRANTED = "granted" ["client", "waiting"] "";
    UNLOCKED = "unlocked" ["client"] "";
    WILL_EXPIRE = "will-expire" ["after"] "the rule no-expiry is off";
    EXPIRED = "expired" ["keys"] "the rule no-expiry is off";
    READ_HERE = "read-here" ["client", "value"] "Shapiro et al. 2011, specification 7: value";
    COUNTED_HERE = "counted-here" ["client", "plus", "minus"] "Shapiro et al. 2011, specification 7: increment, decrement";
    TOLD = "told" ["replica"] "Shapiro et al. 2011, section 2.2: state-based replication";
    MERGED = "merged" ["replica", "value"] "Shapiro et al. 2011, specification 7: merge";
    NOTHING_NEW = "nothing-new" ["replica"] "Shapiro et al. 2011, section 2.2: a merge with what is known changes nothing";
    LOST = "lost" ["acknowledged", "count"] "";
    TWICE = "twice" ["asked", "count"] "";
    NO_ORDER = "no-order" ["client", "op", "key"] "";
}
