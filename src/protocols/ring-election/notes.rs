//! Why the nodes did what they did. The algorithms are from rings without failures; how ours goes on with them is our addition.

crate::notes! {
    COMES_UP = "comes-up" ["span"] "our addition: a node that comes up begins an election";
    LOOKS_FIRST = "looks-first" ["span"] "the rule a-larger-id-takes-over is off";
    SENDS_ITS_ID = "sends-its-id" ["id"] "Chang & Roberts 1979: mark itself, send its number to its neighbour";
    SENDS_BOTH_WAYS = "sends-both-ways" ["id", "phase", "reach"] "Hirschberg & Sinclair 1980: 2^k places in both directions";
    ASKED_TO = "asked-to" [] "a person asks for an election";
    PASSED_ON = "passed-on" ["id", "own"] "Chang & Roberts 1979: a larger number is passed on";
    SWALLOWED = "swallowed" ["id", "own"] "Chang & Roberts 1979: a smaller number is passed on no further";
    JOINS_IN = "joins-in" ["id", "own"] "Chang & Roberts 1979: who is not marked yet sends its own number";
    LET_THROUGH = "let-through" ["id"] "the rule swallow-smaller-ids is off";
    TURNED_ROUND = "turned-round" ["id", "places"] "Hirschberg & Sinclair 1980: at the end of its way a larger number is answered";
    REPLY_PASSED_ON = "reply-passed-on" ["id"] "Hirschberg & Sinclair 1980: replies are passed on to their node";
    REPLY_COUNTED = "reply-counted" ["count", "phase"] "Hirschberg & Sinclair 1980: with both replies it goes on";
    REPLY_LATE = "reply-late" ["phase"] "a reply to what is over";
    CAME_HOME = "came-home" ["id"] "Chang & Roberts 1979: its own number came round, so it is the largest";
    STANDS_BACK = "stands-back" ["id"] "our addition: a larger one has come by meanwhile";
    OLD_ID = "old-id" ["id"] "our addition: it set out in an earlier try";
    LEADS = "leads" ["id"] "Chang & Roberts 1979: a second round tells everybody";
    FOLLOWS = "follows" ["leader", "id"] "Chang & Roberts 1979: the second round";
    ALL_KNOW = "all-know" [] "Chang & Roberts 1979: the announcement is home";
    STEPS_DOWN = "steps-down" ["id"] "a larger id wants to lead, or does";
    TELLS_WHO_LEADS = "tells-who-leads" ["id"] "our addition: the leader says so again";
    TAKES_OVER = "takes-over" ["id", "own"] "our addition: the largest live id leads";
    BOWS = "bows" ["id", "own"] "the rule a-larger-id-takes-over is off";
    OTHER_LEADER = "other-leader" ["id"] "it follows a larger one";
    NOT_NOW = "not-now" ["id"] "an election is under way";
    PASSED_BY = "passed-by" ["dead", "next"] "our addition: who does not acknowledge in time is passed by";
    NOT_PASSED_BY = "not-passed-by" ["dead"] "the rule pass-by-the-dead is off";
    TAKEN_OFF = "taken-off" ["id"] "our addition: what has come round and found no owner is taken off the ring";
    GOES_ON = "goes-on" ["id", "places"] "the rule once-round is off";
    LEADER_SILENT = "leader-silent" ["leader", "span"] "our addition: heartbeats go round";
    NO_LEADER_HEARD = "no-leader-heard" ["span"] "our addition: heartbeats go round";
    NOTHING_CAME = "nothing-came" ["span"] "our addition: an id may be lost with the node that had it";
    WAITS_ON = "waits-on" [] "";
    TWO_LEAD = "two-lead" ["first", "second"] "Chang & Roberts 1979: only the largest number comes round";
    LATE_LEADER = "late-leader" ["highest", "span"] "";
    TWICE_ROUND = "twice-round" ["id", "node"] "";
}
