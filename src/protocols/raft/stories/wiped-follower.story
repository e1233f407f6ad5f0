# A follower loses its disk and comes back empty, while the same leader goes on. Its answer says that it has nothing, and
# the leader sends it everything again.
lab raft seed=7 rate=20
run until leader
run 1s
wipe n5
restart n5
run 100ms
mark "n5 has an empty log"
calm
run 8s
expect leader
expect "after calm all live logs are alike" holds
expect trace 758e67c5640a386e
