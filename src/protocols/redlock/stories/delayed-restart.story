# The same with the rule: i3 keeps silent for a time to live, and c2 finds no majority until then.
lab redlock seed=1 rate=0 clients=2 latency_max=10ms timeout=60ms work=90ms
cut c1 i4
cut c1 i5
cut c2 i1
cut c2 i2
request c1 acquire
run until held
kill i3
restart i3
request c2 acquire
run until note keeps-silent
run until note no-majority
expect "one grant at a time" holds
run until note ready within 500ms
run until held within 1s
expect c2 believes "yes"
expect "one grant at a time" holds
expect trace 994688e01a0b8703
