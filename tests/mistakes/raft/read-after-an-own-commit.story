lab raft seed=1 nodes=3 noop=off
rule read-after-an-own-commit off
run until note client-done
kill n1
run until violated a-read-sees-the-latest-write
expect a-read-sees-the-latest-write violated
