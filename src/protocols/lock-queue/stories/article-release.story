# The release of the article makes a name of its own and deletes that. The node that was made stays, and
# c2 waits for it, until the session of c1 ends.
lab lock-queue seed=1 clients=2 rest=0ms hold=300ms session_timeout=800ms request_timeout=300ms
rule delete-what-you-made off
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
run until note released within 2s
calm
mark "c1 is done, and its node is still there"
run until violated no-waiter-is-forgotten within 25s
expect c1 state idle
expect c2 state waiter
expect "no waiter is forgotten" violated
kill c1
run until held within 3s
expect c2 state holder
expect trace bce59206b1699d0d
