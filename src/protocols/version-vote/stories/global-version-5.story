lab version-vote seed=1 nodes=3 clients=1 rate=0
# The article's case. c1 asks nobody: it has the global version, and takes the next one.
rule ask-a-majority-first off
request c1 write a
request c1 write b
request c1 write c
run until answered within 1s
run 100ms
# The fourth write does not reach n1.
cut c1 n1
request c1 write d
run until answered within 1s
expect n1 version 3.1
expect n2 version 4.1
expect n3 version 4.1
# The fifth reaches nobody: its writer crashes. But its number is taken.
cut c1 n2
cut c1 n3
request c1 write e
run 100ms
kill c1
heal
restart c1
expect c1 known 5
mark "global version 5, replicas at 3, 4 and 4"
request c1 write f
run until answered within 1s
run 100ms
mark "3, 4 and 4 are all below 6: all write"
expect n1 version 6.1
expect n2 version 6.1
expect n3 version 6.1
expect alike
expect clients-linearizable holds
expect trace 03fd5d6b9ac5a3de
