lab state-lock seed=1 nodes=2 ask_one_in=10 release_one_in=10
# Outside of what is promised: the keeper's disk is lost, and with it who has the lock.
request n1 take
run until note has-it within 1s
wipe s1
restart s1
request n2 take
run until note has-it within 1s
expect two-hold
mark "n1 has it, and nobody remembers"
expect trace 8aaa23122b9ae0ca
