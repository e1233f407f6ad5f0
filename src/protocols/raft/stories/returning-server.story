# n1 is cut off, and raises its term again and again. When it comes back, it deposes a leader that all others hear.
lab raft seed=7 rate=0
run until leader
run 200ms
partition n1 | n2 n3 n4 n5
run 2s
mark "n1 has asked for votes in term after term"
heal
run until note stepped-down within 1s
mark "a leader that four servers heard is deposed"
run 2s
expect leader
expect "an old leader steps down" seen
expect trace 03feb2f27cca7901
