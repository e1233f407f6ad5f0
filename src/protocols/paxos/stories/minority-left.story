lab paxos seed=1 by_themselves=off
# Three of five are down. Two promises are no majority, and waiting makes no third.
kill a3
kill a4
kill a5
request p1 propose x
run 2s
expect p1 phase preparing
expect not chosen
mark "nothing is decided, and nothing is wrong"
restart a3
run until note decided within 1s
run until learned within 1s
expect l1 learned x
expect one-value-is-chosen holds
expect trace b6c93c9cf8404b0f
