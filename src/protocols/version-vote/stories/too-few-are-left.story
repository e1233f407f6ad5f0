lab version-vote seed=1 rate=0
# Three of five are down: two are no majority, and c1 waits rather than guess.
kill n1
kill n2
kill n3
request c1 write a
run 2s
expect c1 phase asking
expect not answered
mark "two answers, and three are needed"
restart n3
run until answered within 1s
request c2 read
run until answered within 1s
expect c2 read a
expect clients-linearizable holds
expect trace 5938a46d5a183dfd
