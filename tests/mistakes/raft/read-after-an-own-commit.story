lab raft seed=7 nodes=2 timeout_min=15ms client_timeout=40ms noop=off
rule read-after-an-own-commit off
run until violated a-read-sees-the-latest-write
expect a-read-sees-the-latest-write violated
