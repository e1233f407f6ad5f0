lab version-vote seed=1 rate=0
# Two of five are down, and nobody has to notice.
kill n4
kill n5
request c1 write a
run until answered within 1s
request c2 write b
run until answered within 1s
request c3 read
run until answered within 1s
expect c3 read b
# They come back, and are behind. A read repairs them on its way.
restart n4
restart n5
expect apart
request c1 read
run until note repaired within 1s
mark "c1 has read b, and so n4 or n5 has it now"
run 200ms
expect alike
expect c1 read b
expect a-read-repairs-a-replica seen
expect clients-linearizable holds
expect trace 3651310ba57a428c
