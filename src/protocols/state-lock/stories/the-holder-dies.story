lab state-lock seed=1 nodes=2 ask_one_in=2 release_one_in=2
# The lock has no time to live. Its holder dies, and nobody gets it.
request n1 take
run until note has-it within 1s
kill n1
run 20s
mark "n2 waits for the dead"
expect n2 state waiting
expect s1 holder n1
# It comes back and has forgotten it. It learns of it when it asks again.
restart n1
run until note granted-before within 10s
run until note released within 30s
run until note has-it within 30s
expect one-grant-at-a-time holds
expect trace 4b686cbccfbcf25b
