//! Why the nodes did what they did. The paper has the same steps under other names: its nodes ask "are you up?",
//! halt those below and tell them who coordinates.

crate::notes! {
    COMES_UP = "comes-up" [] "Garcia-Molina 1982, section 3: a node that recovers begins an election";
    LOOKS_FIRST = "looks-first" ["span"] "the rule a-higher-node-takes-over is off";
    LEADER_SILENT = "leader-silent" ["leader", "span"] "Garcia-Molina 1982, section 3: the failure of the coordinator is noticed by a timeout";
    NO_LEADER_HEARD = "no-leader-heard" ["span"] "Garcia-Molina 1982, section 3: a timeout";
    ASKED_TO = "asked-to" [] "a person asks for an election";
    ASKS_HIGHER = "asks-higher" ["count", "span"] "Garcia-Molina 1982, section 3, part one: contact the nodes of higher priority";
    HIGHEST_OF_ALL = "highest-of-all" [] "Garcia-Molina 1982, section 3: nobody has a higher priority";
    WAITS_FOR_NONE = "waits-for-none" [] "the rule wait-for-the-answer is off";
    ANSWERS = "answers" ["lower"] "Garcia-Molina 1982, section 3: a live node of higher priority ends the attempt";
    TELLS_WHO_LEADS = "tells-who-leads" ["lower"] "there is a leader: it is told at once";
    BUSY = "busy" ["lower"] "one election at a node at a time";
    GIVES_WAY = "gives-way" ["higher", "span"] "Garcia-Molina 1982, section 3: it gives up and waits for the other";
    ANSWERED_AGAIN = "answered-again" ["higher"] "one answer is enough";
    ANSWER_LATE = "answer-late" ["higher"] "an answer to an election that is over";
    NO_ANSWER = "no-answer" ["span"] "Garcia-Molina 1982, section 3: no answer within the bound means that they are down";
    NO_COORDINATOR = "no-coordinator" ["span"] "Garcia-Molina 1982, section 3: begin again if nothing comes of the other's election";
    WAITS_ON = "waits-on" [] "the rule ask-again is off";
    LEADS = "leads" ["told"] "Garcia-Molina 1982, section 3, part two: tell the others";
    LEADS_TERM = "leads-term" ["term", "count", "needed"] "our addition: a majority has assented in this term";
    FOLLOWS = "follows" ["leader"] "Garcia-Molina 1982, section 3, part two";
    STEPS_DOWN = "steps-down" ["leader"] "a higher node leads";
    TAKES_OVER = "takes-over" ["lower"] "Garcia-Molina 1982, section 3: the highest live node leads";
    BOWS = "bows" ["lower"] "the rule a-higher-node-takes-over is off";
    LEADS_ABOVE = "leads-above" ["lower"] "the highest live node leads: it says so again";
    OTHER_LEADER = "other-leader" ["other", "leader"] "it follows a higher one";
    OLD_TERM = "old-term" ["other", "term", "known"] "our addition: what is said in an older term is passed over";
    NEWER_TERM = "newer-term" ["term"] "our addition: who leads in an older term leads no more";
    PROPOSES = "proposes" ["term", "needed"] "our addition: it asks all for their assent in a new term";
    NO_MAJORITY_ASKED = "no-majority-asked" ["term"] "the rule a-majority-assents is off";
    ASSENTS = "assents" ["candidate", "term"] "our addition: once a term, and on disk before it is said";
    REFUSES = "refuses" ["candidate", "term"] "our addition: once a term";
    ASSENT_COUNTED = "assent-counted" ["voter", "count", "needed"] "our addition: more than half";
    ASSENT_LATE = "assent-late" ["voter"] "our addition: an assent to what is over";
    REFUSED = "refused" ["voter", "term"] "our addition: it tries with a higher term";
    TOO_FEW = "too-few" ["count", "needed"] "our addition: without a majority nobody leads";
    OVER_A_HIGHER = "over-a-higher" ["leader", "higher"] "Garcia-Molina 1982, section 2: no other node of higher priority is up";
    TWO_LEAD = "two-lead" ["first", "second", "span"] "Garcia-Molina 1982, section 2, assertion 1";
    TWO_IN_A_TERM = "two-in-a-term" ["first", "second", "term"] "our addition: one leader a term";
    LATE_LEADER = "late-leader" ["highest", "span"] "Garcia-Molina 1982, section 2, assertion 2";
    WAITS_TOO_LONG = "waits-too-long" ["node", "span"] "Garcia-Molina 1982, section 3: begin again if nothing comes of the other's election";
}
