lab version-vote seed=1 nodes=3 rate=0
# Each client has its own copy of the global version.
rule ask-a-majority-first off
request c1 write a
request c1 write b
run until answered within 1s
# c2 has heard of nothing yet: its first write is version 1.
request c2 write z
run until note has-newer within 1s
mark "2.1 is there already, and stays; c2 is told that all is well"
run until note write-done within 1s
mark "c2 is told that z is written"
request c3 read
run until answered within 1s
expect c3 read b
expect clients-linearizable violated
expect trace 5c0c7a2ff1da639e
