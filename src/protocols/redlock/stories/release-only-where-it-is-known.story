# Two ask at once, and neither has a majority. c1 gives up, and gives back what it knows of: the answer of
# one more instance is still on its way. That key stays until it expires.
lab redlock seed=1 rate=0 clients=2 latency_max=10ms timeout=60ms work=90ms
rule release-on-all off
request c1 acquire
request c2 acquire
run until violated no-key-is-left-behind within 5s
expect no-key-is-left-behind violated
expect trace e26405d20764f0ab
