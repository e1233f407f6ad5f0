# A server dies in the middle of a write. It had chosen itself in a new term, but that was not on
# disk yet, and so nobody was asked for a vote: what leaves waits for what must last.
lab raft seed=7
run until note election-started
run until writing n5
mark "term 1 is being written"
expect n5 term 1
expect n5 disk term 0
kill n5
run 5ms
restart n5
run 1ms
mark "as if it had never been"
expect n5 term 0
expect n5 disk term 0
run until leader
run 1s
expect one-leader-per-term holds
expect trace f9db78decf29a7ca
