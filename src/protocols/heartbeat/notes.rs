//! Why the detector did what it did.

crate::notes! {
    WATCHING = "watching" ["nodes", "timeout"] "Chandra & Toueg 1996, figure 10: nobody is suspected at first";
    HEARTBEAT_SENT = "heartbeat-sent" ["number", "interval"] "Chandra & Toueg 1996, figure 10, task 1";
    TIMER_RESTARTED = "timer-restarted" ["node", "timeout"] "Chandra & Toueg 1996, figure 10, task 3";
    TIMER_KEPT = "timer-kept" ["node"] "the rule restart-on-arrival is off";
    SUSPECTED = "suspected" ["node", "silence"] "Chandra & Toueg 1996, figure 10, task 2";
    NEVER_HEARD = "never-heard" ["node", "silence"] "Chandra & Toueg 1996, figure 10, task 2";
    FALSE_ALARM = "false-alarm" ["node", "silence", "count"] "Chandra & Toueg 1996, figure 10, task 3: a suspicion is taken back";
    CAME_BACK = "came-back" ["node"] "a node that comes up anew says since when it is up";
    RESTART_UNNOTICED = "restart-unnoticed" ["node"] "a node that comes up anew says since when it is up";
    HEARD_AT_LAST = "heard-at-last" ["node"] "Chandra & Toueg 1996, figure 10, task 3: a suspicion is taken back";
    SUSPECTED_TOO_EARLY = "suspected-too-early" ["node", "silence", "timeout"] "";
    DEAD_UNNOTICED = "dead-unnoticed" ["node", "since", "timeout"] "";
}
