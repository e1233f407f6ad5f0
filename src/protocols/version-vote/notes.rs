//! Why clients and replicas did what they did, with the place in the papers.

crate::notes! {
    ASKS = "asks" ["request", "needed"] "Lynch & Shvartsman 1997, the query phase; Attiya, Bar-Noy & Dolev 1995, procedure communicate";
    DOES_NOT_ASK = "does-not-ask" ["version"] "the rule ask-a-majority-first is off: the article's global version";
    COMPUTES_VERSION = "computes-version" ["value", "version"] "the rule version-apart-from-value is off: the article's class";
    HEARD_CURRENT = "heard-current" ["replica", "version"] "";
    HEARD_BEHIND = "heard-behind" ["replica", "version", "known"] "Attiya, Bar-Noy & Dolev 1995, the unbounded emulation: a processor that was not in the majority holds an old label";
    ANSWER_COUNTED = "answer-counted" ["replica", "count", "needed"] "Lynch & Shvartsman 1997: a read-quorum";
    ANSWER_KNOWN = "answer-known" ["replica"] "a replica counts once";
    ANSWER_LATE = "answer-late" ["replica", "request"] "Attiya, Bar-Noy & Dolev 1995, the unbounded emulation: more than a majority need not be waited for";
    CHOOSES_VERSION = "chooses-version" ["version", "heard"] "Lynch & Shvartsman 1997: one more than the highest number heard, and the writer's own name";
    HEARS_HIGHEST = "hears-highest" ["version", "value"] "Attiya, Bar-Noy & Dolev 1995, the unbounded emulation: the value with the largest label";
    STORES_AT_ALL = "stores-at-all" ["version", "needed"] "Lynch & Shvartsman 1997, the propagation phase";
    WRITES_BACK = "writes-back" ["version", "needed"] "Attiya, Bar-Noy & Dolev 1995, the unbounded emulation: the reader announces what it is about to return";
    NO_WRITE_BACK = "no-write-back" ["version"] "the rule write-back-what-was-read is off";
    STORED_COUNTED = "stored-counted" ["replica", "count", "needed"] "Lynch & Shvartsman 1997: a write-quorum";
    STORED_KNOWN = "stored-known" ["replica"] "a replica counts once";
    STORED_LATE = "stored-late" ["replica", "request"] "Attiya, Bar-Noy & Dolev 1995, the unbounded emulation: more than a majority need not be waited for";
    WRITE_DONE = "write-done" ["value", "took"] "Lynch & Shvartsman 1997: a write returns when a write-quorum has its tag or a higher one";
    READ_DONE = "read-done" ["value", "took"] "Attiya, Bar-Noy & Dolev 1995, the unbounded emulation: then it returns the value";
    READ_NOTHING = "read-nothing" ["took"] "Attiya, Bar-Noy & Dolev 1995, the unbounded emulation: the initial value";
    SENDS_AGAIN = "sends-again" ["request"] "Lynch & Shvartsman 1997: channels may lose; a message may be sent any number of times";
    BEGINS_AGAIN = "begins-again" ["request"] "";
    WAITS_ON = "waits-on" ["request"] "";
    TELLS = "tells" ["client", "version"] "Lynch & Shvartsman 1997, the query phase";
    STORES = "stores" ["client", "version", "held"] "Lynch & Shvartsman 1997: a higher tag takes the place of a lower one";
    REPAIRED = "repaired" ["client", "version", "held"] "Attiya, Bar-Noy & Dolev 1995, the unbounded emulation: a reader's message updates like a writer's";
    HAS_IT = "has-it" ["client", "version"] "";
    HAS_NEWER = "has-newer" ["client", "version", "held"] "Lynch & Shvartsman 1997: a lower tag changes nothing, and is acknowledged";
    SAME_VERSION = "same-version" ["client", "version"] "the rule break-ties-by-writer is off: neither is the newer one";
    OVERWRITES_THE_NEWER = "overwrites-the-newer" ["client", "version", "held"] "";
    BEFORE_THE_DISK = "before-the-disk" ["client"] "the rule answer-what-is-on-disk is off";
    NO_ORDER = "no-order" ["client", "request", "key"] "Herlihy & Wing 1990: no order of the operations explains what clients saw";
    TWO_VALUES = "two-values" ["version", "first", "second"] "Lynch & Shvartsman 1997: tags are unique";
    WENT_BACK = "went-back" ["node", "version", "before"] "Attiya, Bar-Noy & Dolev 1995, the unbounded emulation: labels at a processor never decrease";
    NOT_WRITTEN = "not-written" ["client", "value"] "Herlihy & Wing 1990: a register returns what was written";
}
