//! Why the nodes did what they did. The article gives formulas and no protocol; what carries a vote here is that of Raft.

crate::notes! {
    COMES_UP = "comes-up" ["span"] "it waits for a leader first: a priority takes nothing from anybody who leads";
    LEADER_SILENT = "leader-silent" ["leader"] "Ongaro & Ousterhout 2014, section 5.2: a timeout, drawn anew each time";
    NO_LEADER_HEARD = "no-leader-heard" [] "Ongaro & Ousterhout 2014, section 5.2: a timeout, drawn anew each time";
    ASKED_TO = "asked-to" [] "a person asks for an election";
    CALLS = "calls" ["count", "span"] "our addition: who is dead cannot be chosen, so all are asked first";
    ANSWERS = "answers" ["caller", "priority", "load"] "the article: priority, load and health";
    ANSWERS_SICK = "answers-sick" ["caller", "priority", "load"] "the article: priority, load and health";
    TELLS_WHO_LEADS = "tells-who-leads" ["caller"] "there is a leader: it is told at once";
    ANSWER_NOTED = "answer-noted" ["node", "count", "all"] "our addition: who is dead cannot be chosen";
    ANSWER_LATE = "answer-late" ["node"] "an answer to a poll that is over";
    TOO_FEW_ANSWER = "too-few-answer" ["count", "needed"] "more than half: no candidate could get enough votes";
    NOBODY_FIT = "nobody-fit" ["limit"] "the article: accepted by priority, load and health";
    NOMINATES_BEST = "nominates-best" ["node", "priority", "term"] "the article: the highest priority whose load and health are acceptable";
    NOMINATES_PRODUCT = "nominates-product" ["node", "weight", "sum", "term"] "the article's formula: a product over all nodes";
    NOMINATES_DRAW = "nominates-draw" ["node", "weight", "sum", "term"] "the article's worked case: priority over the sum of priorities";
    NOMINATES_UNIFORM = "nominates-uniform" ["node", "count", "term"] "the article's class: a random choice from the list";
    PUTS_TO_VOTE = "puts-to-vote" ["count", "term"] "our addition: every voter chooses for itself";
    VOTES = "votes" ["candidate", "term"] "one vote a term, and on disk before it is given";
    VOTED_ALREADY = "voted-already" ["caller", "candidate", "term"] "one vote a term";
    OLD_BALLOT = "old-ballot" ["caller", "term", "known"] "Ongaro & Ousterhout 2014, section 5.1: an older term is passed over";
    REFUSES_LESSER = "refuses-lesser" ["candidate", "priority"] "the article: accepted by priority";
    REFUSES_UNFIT = "refuses-unfit" ["candidate"] "the article: accepted by load and health";
    VOTE_COUNTED = "vote-counted" ["voter", "count", "needed"] "the article: more than half";
    VOTE_LATE = "vote-late" ["voter", "term"] "a vote in a term that is over";
    VOTE_MORE = "vote-more" ["voter"] "it leads already";
    A_LEADS = "a-leads" ["term", "count", "needed"] "the article: more than half";
    B_LEADS = "b-leads" ["term", "count", "needed"] "the article: more than half";
    C_LEADS = "c-leads" ["term", "count", "needed"] "the article: more than half";
    OTHER_LEADS = "other-leads" ["term", "count", "needed"] "the article: more than half";
    DECLINES = "declines" ["term"] "the article: accepted by load and health, which it has to be still";
    LEADS_UNFIT = "leads-unfit" ["term"] "the rule look-at-yourself-again is off";
    FOLLOWS = "follows" ["leader", "term"] "Ongaro & Ousterhout 2014, section 5.2: heartbeats";
    NO_RESULT = "no-result" ["term", "span"] "nobody has told that it leads: split votes, or the chosen one is dead";
    RESIGNS = "resigns" ["span"] "our addition: a reign ends by itself, so that there are many elections to count";
    RESIGNS_SICK = "resigns-sick" [] "the article: accepted by health";
    ASKED_TO_RESIGN = "asked-to-resign" [] "a person asks";
    HEARS_RESIGN = "hears-resign" ["leader"] "nobody leads: no need to wait for a silence";
    OLD_TERM = "old-term" ["other", "term", "known"] "Ongaro & Ousterhout 2014, section 5.1: an older term is passed over, and told of the newer one";
    NEWER_TERM = "newer-term" ["term"] "Ongaro & Ousterhout 2014, section 5.1: who leads in an older term leads no more";
    FALLS_SICK = "falls-sick" ["span"] "a person wants it";
    RECOVERS = "recovers" [] "a sickness ends by itself";
    TWO_IN_A_TERM = "two-in-a-term" ["first", "second", "term"] "one leader a term";
    TOO_FEW_VOTES = "too-few-votes" ["leader", "term", "count", "all"] "more than half";
    UNFIT_LEADER = "unfit-leader" ["leader"] "the article: accepted by priority, load and health";
}
