# A leader behind a wall hears from nobody, and steps down before anybody tells it that there is another.
lab raft seed=7 rate=0 check_quorum=on
run until leader
run 200ms
expect n5 role leader
partition n5 | n1 n2 n3 n4
run until note quorum-lost within 1s
mark "n5 does not lead any more, and says so to its clients"
expect "a leader without a majority steps down" seen
run until leader
heal
run 2s
expect leader
expect "one leader per term" holds
expect trace c3ec5d7b997445ea
