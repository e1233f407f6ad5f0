//! Why clients, servers and the keeper did what they did.

crate::notes! {
    ASKED = "asked" ["to", "op", "key"] "";
    RETRIED = "retried" ["to", "op"] "";
    PUT_WITH = "put-with" ["op", "version"] "DeCandia et al. 2007, section 4.4: a put carries what the get before it saw";
    ACKNOWLEDGED = "acknowledged" ["op", "took"] "";
    HAS_READ = "has-read" ["op", "took"] "";
    GAVE_UP = "gave-up" ["op"] "";
    ANSWER_TOO_LATE = "answer-too-late" ["from", "op"] "";
    COORDINATES = "coordinates" ["client", "key", "owner", "replicas"] "DeCandia et al. 2007, section 4.3: the preference list";
    NO_NODE = "no-node" ["key"] "the rule points-by-name-and-number is off";
    FOUND = "found" ["key", "version"] "DeCandia et al. 2007, section 4.5: R nodes have answered";
    FROM_A_REPLICA = "from-a-replica" ["key", "missing"] "DeCandia et al. 2007, section 4.5: R nodes have answered, the first one not among them";
    DIFFER = "differ" ["key", "version"] "DeCandia et al. 2007, section 5: read repair";
    WRITTEN = "written" ["key", "version"] "DeCandia et al. 2007, section 4.5: W nodes have it on disk";
    SERVED = "served" ["key", "to"] "";
    KEPT = "kept" ["key", "version"] "";
    NOT_LATER = "not-later" ["key", "version"] "";
    REFUSED_AS_OLD = "refused-as-old" ["from", "theirs", "mine"] "a node that goes by a newer membership takes part in nothing older";
    ADOPTED = "adopted" ["number"] "";
    ASKS_FOR_KEYS = "asks-for-keys" ["nodes"] "the rule stream-before-owning";
    STREAMS = "streams" ["to", "keys"] "Karger et al. 1997: only what the new node gains";
    TOOK_KEYS = "took-keys" ["from", "keys"] "";
    HAS_ITS_KEYS = "has-its-keys" ["number"] "";
    OWNS_UNSEEN = "owns-unseen" ["number"] "the rule stream-before-owning is off";
    DROPPED = "dropped" ["keys"] "the new nodes of these keys have them";
    COMPARES = "compares" ["with", "keys"] "DeCandia et al. 2007, section 4.7: anti-entropy, here by one sum";
    SAME = "same" ["with"] "DeCandia et al. 2007, section 4.7";
    REPAIRED = "repaired" ["from", "keys"] "DeCandia et al. 2007, section 4.7";
    WANTS = "wants" ["node"] "";
    CHANGES = "changes" ["node", "number"] "DeCandia et al. 2007, section 4.8: a person adds and removes nodes";
    BUSY = "busy" ["node"] "one change after the other";
    NOTHING_TO_CHANGE = "nothing-to-change" ["node"] "";
    WAITS_FOR = "waits-for" ["adopt", "keys"] "";
    IN_FORCE = "in-force" ["number"] "";
    NO_OWNERS = "no-owners" ["key", "found", "wanted"] "";
    GAINED = "gained" ["key", "node", "changed"] "Karger et al. 1997: monotonicity";
    LOST = "lost" ["key", "node", "changed"] "Karger et al. 1997: monotonicity";
    NO_ORDER = "no-order" ["client", "op", "key"] "";
}
