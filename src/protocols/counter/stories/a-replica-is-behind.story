lab counter seed=1 way=g-counter clients=2 replicas=2 rate=0 gossip=2s
# c1 was told that its add is counted. c2 asks another replica, and reads 0. A G-Counter loses nothing, but it is
# not linearizable, and does not promise to be.
request c1 add
run until note acknowledged within 1s
request c2 read
run until note has-read within 1s
mark "counted, and not to be seen"
expect c2 read 0
expect r1 value 1
expect r2 value 0
run until note merged within 5s
request c2 read
run until note has-read within 1s
expect c2 read 1
expect the-replicas-differ seen
expect trace 5de4220158e4324b
