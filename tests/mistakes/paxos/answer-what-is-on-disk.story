lab paxos seed=2 roles=together acceptors=1 disk_max=39ms
rule answer-what-is-on-disk off
run until note promised-with
kill n1
restart n1
run until violated one-value-is-chosen
expect one-value-is-chosen violated
