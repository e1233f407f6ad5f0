//! Why clients, balancers and servers did what they did.

crate::notes! {
    ASKED = "asked" ["op", "demand"] "an open loop: the next request does not wait for this one's answer";
    ANSWERED = "answered" ["op", "took"] "";
    ANSWER_TOO_LATE = "answer-too-late" ["op"] "";
    RETRIED = "retried" ["op", "attempt"] "";
    BUDGET_SPENT = "budget-spent" ["op"] "the rule retry-budget: retries are a share of what is asked";
    GAVE_UP = "gave-up" ["op", "attempts"] "";
    REFUSED_FOR_GOOD = "refused-for-good" ["op", "attempts"] "";
    REFUSAL_TOO_LATE = "refusal-too-late" ["op"] "";
    RATE_SET = "rate-set" ["rate"] "";
    SENT_BY_HAND = "sent-by-hand" ["count"] "";
    CHOSE_IN_TURN = "chose-in-turn" ["server", "op"] "round robin: one after the other";
    CHOSE_AT_RANDOM = "chose-at-random" ["server", "op"] "";
    CHOSE_BY_WEIGHT = "chose-by-weight" ["server", "op", "weight"] "";
    CHOSE_FEWEST = "chose-fewest" ["server", "op", "load"] "least connections";
    CHOSE_OF_SOME = "chose-of-some" ["server", "op", "load", "looked"] "Mitzenmacher 2001: the shortest of d queues drawn at random";
    CHOSE_BY_KEY = "chose-by-key" ["server", "op", "key"] "Karger et al. 1997: the next point on the ring";
    CHOSE_BY_TIME = "chose-by-time" ["server", "op", "took", "load"] "the mean of the times, newer ones counting more, times what is in flight";
    CHOSE_BY_OWN_LOAD = "chose-by-own-load" ["server", "op", "load", "all"] "the rule choose-without-feedback is off: P(i) = L(i)/R";
    NOBODY_IN = "nobody-in" ["op"] "";
    HANDED_BACK = "handed-back" ["server", "op", "took"] "";
    RESULT_TOO_LATE = "result-too-late" ["server"] "";
    REJECTED_BY = "rejected-by" ["server", "op"] "";
    EXPIRED = "expired" ["server", "op"] "";
    PROBED = "probed" ["silent"] "";
    HEALTHY = "healthy" ["server", "load"] "";
    HEALTH_TOO_LATE = "health-too-late" ["server"] "";
    TAKEN_OUT = "taken-out" ["server", "fails"] "";
    TAKEN_IN = "taken-in" ["server", "answers"] "";
    STAYS_IN = "stays-in" ["server", "fails"] "the rule take-out-the-dead is off";
    WEIGHED = "weighed" ["server", "weight"] "";
    BEGAN = "began" ["op", "takes"] "first come, first served";
    QUEUED = "queued" ["op", "before"] "first come, first served";
    QUEUE_FULL = "queue-full" ["op", "load"] "";
    FINISHED = "finished" ["op", "left"] "";
    IS_WELL = "is-well" ["load"] "";
    SLOWED = "slowed" ["times"] "";
    COLD = "cold" ["for"] "";
    ANSWERED_TWICE = "answered-twice" ["client", "op"] "";
    LOST_IN_SERVER = "lost-in-server" ["server", "came", "went", "holds"] "";
    SENT_TO_OUT = "sent-to-out" ["balancer", "server"] "";
    SENT_TO_DEAD = "sent-to-dead" ["balancer", "server", "dead"] "";
    PASSED_OVER = "passed-over" ["balancer", "server", "choices", "for"] "";
    UNEVEN = "uneven" ["balancer", "server", "got", "weight"] "";
    TOO_MANY_RETRIES = "too-many-retries" ["client", "retries", "asked"] "";
    FLOODED = "flooded" ["balancer", "server", "got", "share"] "";
}
