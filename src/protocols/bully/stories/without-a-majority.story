lab bully seed=4 variant=terms
# Without the majority a term is a number that anybody takes. Both sides of the wall lose their leader, and both take the same.
run until agreed within 1s
run 100ms
rule a-majority-assents off
run 100ms
kill n5
partition n1 n2 | n3 n4
run until violated one-leader-a-term within 2s
expect n2 role leader
expect n4 role leader
expect n2 term 2
expect n4 term 2
expect nobody-takes-the-lead-over-a-higher-live-node violated
expect trace bea69915a95d287f
