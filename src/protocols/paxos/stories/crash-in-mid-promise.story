lab paxos seed=1 acceptors=3 by_themselves=off
# a1 has promised in memory, and its disk is still writing. It crashes: nobody was told.
request p1 propose x
run until writing a1
expect a1 promised 1.1
expect a1 disk promised "-"
kill a1
restart a1
expect a1 promised "-"
run until note decided within 1s
mark "two of three are a majority"
run until learned within 1s
expect one-value-is-chosen holds
expect trace 8bb4ac2ae24bbbe6
