lab version-vote seed=1 nodes=3 clients=1 rate=0
# Replicas at 3, 4 and 4 once more. Nothing is repaired, so that it can be counted.
rule ask-a-majority-first off
rule write-back-what-was-read off
request c1 write a
request c1 write b
request c1 write c
run until answered within 1s
run 100ms
cut c1 n1
request c1 write d
run until answered within 1s
heal
mark "3, 4 and 4"
request c1 read
run 100ms
request c1 read
run 100ms
request c1 read
run 100ms
request c1 read
run 100ms
mark "twelve answers: four are at 3, eight at 4"
expect c1 heard 12
expect c1 behind 4
expect n1 version 3.1
expect n2 version 4.1
expect n3 version 4.1
expect an-answer-is-behind seen
expect clients-linearizable holds
expect trace b03d551a98542157
