# Everybody watches the node of the holder. The first release wakes three, and two of them in vain.
lab lock-queue seed=1 clients=4 rest=0ms hold=300ms session_timeout=800ms request_timeout=300ms
rule watch-the-predecessor off
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
request c3 lock
request c4 lock
run 200ms
expect c2 watches 1
expect c3 watches 1
expect c4 watches 1
mark "all watch one node"
run until violated one-event-wakes-at-most-one-client within 2s
expect "one event wakes at most one client" violated
run until all-idle within 10s
expect "one believer at a time" holds
expect trace b1b8676ef835e7a7
