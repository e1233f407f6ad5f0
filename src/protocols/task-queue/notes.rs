//! Why producers, the broker, the workers and the ledger did what they did.

crate::notes! {
    PUBLISHED = "published" ["task", "quality", "packet"] "MQTT 3.1.1, section 4.3";
    PUBLISHED_AGAIN = "published-again" ["task", "packet"] "MQTT 3.1.1, section 4.4: with DUP set and the same packet identifier";
    RELEASED = "released" ["packet"] "MQTT 3.1.1, section 4.3.3: PUBREL after PUBREC";
    RELEASED_AGAIN = "released-again" ["packet"] "MQTT 3.1.1, section 4.4";
    ACCEPTED = "accepted" ["task", "took"] "from here on the broker answers for it";
    COMPLETED = "completed" ["packet"] "MQTT 3.1.1, section 4.3.3";
    NOT_WAITED_FOR = "not-waited-for" ["packet"] "";
    STORED = "stored" ["task", "entry", "quality"] "";
    KNOWN = "known" ["task", "packet"] "MQTT 3.1.1, section 4.3.3: a packet identifier that is held is not stored again";
    FORGOTTEN = "forgotten" ["packet"] "MQTT 3.1.1, section 4.3.3: PUBREL discards the packet identifier";
    FULL = "full" ["task", "most"] "no answer: a producer at quality 1 or 2 comes again";
    HANDED_OUT = "handed-out" ["task", "worker", "tries", "lasts"] "";
    HANDED_OUT_FOR_EVER = "handed-out-for-ever" ["task", "worker", "tries"] "the rule visibility-timeout is off";
    DONE = "done" ["task", "worker", "entry"] "";
    ACK_TOO_LATE = "ack-too-late" ["worker", "entry"] "only the delivery that stands can be acknowledged";
    TIMED_OUT = "timed-out" ["task", "worker", "tries"] "the rule visibility-timeout";
    REJECTED = "rejected" ["task", "worker", "tries"] "";
    BURIED = "buried" ["task", "tries"] "the rule dead-letters";
    READY = "ready" ["worker"] "";
    TAKEN = "taken" ["task", "waiting"] "";
    HAD_ALREADY = "had-already" ["task"] "";
    NO_ROOM = "no-room" ["task"] "";
    ACKNOWLEDGED_FIRST = "acknowledged-first" ["task"] "the rule acknowledge-after-the-work is off";
    BEGUN = "begun" ["task", "lasts"] "";
    FAILED = "failed" ["task"] "poison: every worker fails at it";
    WORKED = "worked" ["task"] "";
    APPLIED_AGAIN = "applied-again" ["task"] "no answer of the ledger";
    ACKNOWLEDGED = "acknowledged" ["task"] "the rule acknowledge-after-the-work";
    IDLE = "idle" [] "";
    STEALS = "steals" ["worker"] "Blumofe & Leiserson 1999: an idle worker takes from another one";
    STOLEN = "stolen" ["task", "worker"] "Blumofe & Leiserson 1999: a task moves, it is not copied";
    NOTHING_TO_STEAL = "nothing-to-steal" ["worker"] "";
    TOOK_EFFECT = "took-effect" ["task", "worker"] "";
    DONE_BEFORE = "done-before" ["task", "worker"] "the rule dedup-by-id";
    COUNTED_AGAIN = "counted-again" ["task", "times"] "the rule dedup-by-id is off";
    LOST = "lost" ["task"] "";
    STORED_TWICE = "stored-twice" ["task", "times"] "";
    TWO_HANDS = "two-hands" ["task", "first", "second"] "";
    TWO_EFFECTS = "two-effects" ["task", "times"] "";
}
