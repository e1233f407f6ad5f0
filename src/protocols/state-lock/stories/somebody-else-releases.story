lab state-lock seed=1 ask_one_in=10 release_one_in=10
# n1 has the lock. n2 does not, and gives it back all the same. Then n3 asks.
rule only-the-holder-releases off
request n1 take
run until note has-it within 1s
request n2 release
run until note released-by-another within 1s
expect free
expect n1 state holder
mark "free, and n1 does not know"
request n3 take
run until violated one-grant-at-a-time within 1s
expect two-hold
expect trace a95240100fef3b03
