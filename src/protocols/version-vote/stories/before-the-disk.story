lab version-vote seed=1 nodes=3 rate=0
# Replicas answer before their disks have anything.
rule answer-what-is-on-disk off
slow-disk n1 200ms
slow-disk n2 200ms
slow-disk n3 200ms
request c1 write a
run until note write-done within 1s
mark "acknowledged, and on no disk"
kill n1
kill n2
kill n3
restart n1
restart n2
restart n3
request c2 read
run until note read-nothing within 1s
expect clients-linearizable violated
expect trace bbfdbde850d22424
