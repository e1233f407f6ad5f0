lab state-lock seed=1 nodes=2 ask_one_in=10
# The keeper has granted in memory, and its disk is still writing. It crashes: nobody was told, so nobody has it.
request n1 take
run until writing s1
expect locked
kill s1
expect s1 disk holder "-"
restart s1
expect free
request n2 take
run until note has-it within 1s
expect n2 state holder
expect not two-hold
expect one-grant-at-a-time holds
expect trace a71df504bb2429d2
