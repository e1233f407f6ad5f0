//! Why the keeper and the nodes did what they did. The model is the article's own: it has three
//! states and a probability, and no paper.

crate::notes! {
    STAYED_FREE = "stayed-free" [] "";
    BECAME_LOCKED = "became-locked" [] "";
    STAYED_LOCKED = "stayed-locked" [] "";
    BECAME_FREE = "became-free" [] "";
    DOES_NOT_ASK = "does-not-ask" [] "the article: a node asks with probability 1/3";
    ASKS = "asks" ["keeper"] "the article: a node asks with probability 1/3";
    GRANTED = "granted" ["node", "number"] "Herlihy 1991: test-and-set";
    GRANTED_BEFORE = "granted-before" ["node"] "its answer may have been lost";
    REFUSED = "refused" ["node", "holder"] "Herlihy 1991: test-and-set";
    IS_FREE = "is-free" ["node"] "the rule test-and-set-in-one-step is off: the test alone";
    SETS = "sets" [] "the rule test-and-set-in-one-step is off: the set alone";
    HAS_IT = "has-it" ["number"] "the article: unlocked to locked";
    OLD_GRANT = "old-grant" ["number"] "";
    WAITS = "waits" ["holder"] "the article: unlocked to waiting";
    TOO_LATE = "too-late" [] "";
    HOLDS_ON = "holds-on" [] "";
    RELEASES = "releases" ["number"] "the article: locked to unlocked";
    RELEASES_AGAIN = "releases-again" ["number"] "no answer came in a step";
    RELEASED = "released" ["node", "number"] "the rule only-the-holder-releases";
    RELEASED_BY_ANOTHER = "released-by-another" ["node", "number"] "the rule only-the-holder-releases is off";
    NOT_ITS_OWN = "not-its-own" ["node", "number"] "the rule only-the-holder-releases";
    IS_RID_OF_IT = "is-rid-of-it" ["number"] "";
    ASKED_ITSELF = "asked-itself" ["number"] "the rule one-place is off: each object has a state of its own";
    RELEASED_ITSELF = "released-itself" [] "the rule one-place is off";
    TWO_GRANTS = "two-grants" ["first", "second"] "";
}
