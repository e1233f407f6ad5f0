lab state-lock seed=1 nodes=2 ask_one_in=10
# Two nodes look at the same time. Both see that it is free, and both set it.
rule test-and-set-in-one-step off
request n1 take
request n2 take
run until note is-free
step
run until note is-free
mark "free, say both"
run until violated one-grant-at-a-time within 1s
expect two-hold
expect s1 number 2
expect trace da28a2485b9baf26
