//! Why proposers, acceptors and learners did what they did, with the place in Lamport 2001.

crate::notes! {
    WANTS = "wants" ["value"] "Lamport 2001, section 2.1: a client proposes a value";
    HAS_ONE = "has-one" ["value", "own"] "this instance chooses one value; the proposer has its own already";
    PREPARES = "prepares" ["ballot", "needed"] "Lamport 2001, section 2.2, phase 1(a)";
    SKIPS_PHASE_ONE = "skips-phase-one" ["ballot"] "the rule prepare-before-accept is off: one round of voting";
    PROMISE_COUNTED = "promise-counted" ["acceptor", "ballot", "count", "needed"] "Lamport 2001, section 2.2, phase 2(a)";
    PROMISE_KNOWN = "promise-known" ["acceptor", "ballot"] "an acceptor counts once";
    PROMISE_MORE = "promise-more" ["acceptor", "ballot"] "Lamport 2001, section 2.2, phase 2(a): a majority is enough";
    PROMISE_LATE = "promise-late" ["acceptor", "ballot"] "Lamport 2001, section 2.2: a promise of another ballot, or of an abandoned one, counts nothing";
    FREE_CHOICE = "free-choice" ["ballot", "value"] "Lamport 2001, section 2.2, phase 2(a): any value if the responses reported no proposals";
    ADOPTS = "adopts" ["ballot", "value", "heard"] "Lamport 2001, section 2.1, P2c: the value of the highest-numbered proposal among the responses";
    KEEPS_ITS_OWN = "keeps-its-own" ["ballot", "value", "heard"] "the rule adopt-the-highest is off";
    ACCEPTANCE_COUNTED = "acceptance-counted" ["acceptor", "ballot", "count", "needed"] "Lamport 2001, section 2.3";
    ACCEPTANCE_KNOWN = "acceptance-known" ["acceptor", "ballot"] "an acceptor counts once";
    ACCEPTANCE_MORE = "acceptance-more" ["acceptor", "ballot"] "Lamport 2001, section 2.1: chosen when a majority has accepted it";
    ACCEPTANCE_LATE = "acceptance-late" ["acceptor", "ballot"] "Lamport 2001, section 2.2: an abandoned proposal";
    DECIDED = "decided" ["ballot", "value"] "Lamport 2001, section 2.1: chosen when a majority has accepted it";
    OVERTAKEN = "overtaken" ["ballot", "by"] "Lamport 2001, section 2.2: it should then abandon its proposal";
    REFUSAL_LATE = "refusal-late" ["ballot"] "Lamport 2001, section 2.2: that proposal is abandoned already";
    BACKS_OFF = "backs-off" ["span"] "Lamport 2001, section 2.4: two proposers could each keep issuing proposals";
    AT_ONCE = "at-once" [] "the rule back-off is off";
    SENDS_AGAIN = "sends-again" ["ballot"] "Lamport 2001, section 2.2: messages can be lost; an equal ballot is answered again";
    WAITS_ON = "waits-on" ["ballot"] "";
    PROMISED = "promised" ["ballot", "proposer"] "Lamport 2001, section 2.2, phase 1(b)";
    PROMISED_WITH = "promised-with" ["ballot", "proposer", "accepted", "value"] "Lamport 2001, section 2.2, phase 1(b): with the highest-numbered proposal that it has accepted";
    PROMISED_AGAIN = "promised-again" ["ballot", "proposer"] "as real systems do for lost replies";
    IN_MEMORY_ALONE = "in-memory-alone" ["ballot"] "the rule remember-promises is off";
    PREPARE_REFUSED = "prepare-refused" ["ballot", "promised"] "Lamport 2001, section 2.2: it has promised a higher one, and informs the proposer";
    TELLS_OVERTAKEN = "tells-overtaken" ["proposer", "ballot"] "Lamport 2001, section 2.2: a good idea to abandon a proposal if a higher-numbered one has begun";
    ACCEPTED = "accepted" ["ballot", "value", "proposer"] "Lamport 2001, section 2.2, phase 2(b), P1a";
    ACCEPTED_AGAIN = "accepted-again" ["ballot", "proposer"] "as real systems do for lost replies";
    ACCEPT_REFUSED = "accept-refused" ["ballot", "promised"] "Lamport 2001, section 2.2, P1a: it has promised not to";
    TELLS_WHAT_IT_ACCEPTED = "tells-what-it-accepted" ["learner", "ballot", "value"] "Lamport 2001, section 2.3: the learner could ask the acceptors";
    HAS_ACCEPTED_NOTHING = "has-accepted-nothing" ["learner"] "Lamport 2001, section 2.3";
    HEARD = "heard" ["acceptor", "ballot", "count", "needed"] "Lamport 2001, section 2.3";
    HEARD_BEFORE = "heard-before" ["acceptor", "ballot"] "an acceptor counts once";
    KNOWS = "knows" ["value"] "Lamport 2001, section 2.3: what is chosen stays";
    LEARNS = "learns" ["ballot", "value"] "Lamport 2001, section 2.3: a majority of acceptors has accepted it";
    ASKS = "asks" [] "Lamport 2001, section 2.3: because of message loss, a value could be chosen with no learner ever finding out";
    NOT_FOR_THIS_ROLE = "not-for-this-role" [] "the node plays another role";
    TWO_VALUES = "two-values" ["first", "second"] "Lamport 2001, section 1: only a single value is chosen";
    NOT_PROPOSED = "not-proposed" ["value"] "Lamport 2001, section 1: only a value that has been proposed may be chosen";
    NOT_CHOSEN = "not-chosen" ["node", "value"] "Lamport 2001, section 1: a process never learns that a value has been chosen unless it actually has been";
}
