lab version-vote seed=1 rate=0
# c1 asks what there is, and three of five are enough.
request c1 write 7
run until note chooses-version within 1s
mark "nobody has written yet, so this is version 1, of writer 1: 1.1"
run until note write-done within 1s
mark "three have it on their disks"
# c2 asks, too. Whichever three answer, one of them has 1.1.
request c2 read
run until note hears-highest within 1s
mark "c2 has heard of 1.1, and writes it back before it answers"
run until note read-done within 1s
expect c2 read 7
run 200ms
expect alike
expect clients-linearizable holds
expect trace 698c2baf8ab84563
