# Two of five instances are down. Three are a majority, and the lock works on.
lab redlock seed=1 rate=0 clients=2 latency_max=10ms timeout=60ms work=90ms
kill i1
kill i4
request c1 acquire
run until held
expect c1 yes 3
request c2 acquire
run until note refused
run until free
run until held within 500ms
expect c2 believes "yes"
expect "one grant at a time" holds
expect "one believer at a time" holds
expect trace d7cbc97f571a7279
