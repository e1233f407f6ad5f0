# n3 commits an entry of term 1 by one of its own term, 5. n1 has that entry, too, but never heard of term 5: n2, which leads
# an older term, takes it back there. Nothing is lost: it stays with the majority that committed it.
lab raft seed=6 latency_max=42ms noop=off
run until note heartbeat-heard
partition n2 n4 n5 | n1 n3
run until note vote-refused-voted
request c1 cas x=1:3 to n2
run until note client-retried
partition n3 n4 n5 | n1 n2
run until note entries-removed
run 5ms
expect n3 commit "2"
expect n1 term 3
expect "Committed entries stay" holds
heal
calm
run 2s
expect "Committed entries stay" holds
expect "After calm all live logs are alike" holds
expect trace ef474f78e57f6d3d
