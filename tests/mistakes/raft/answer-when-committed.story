lab raft seed=6 nodes=2 rate=28 disk_max=90ms
rule answer-when-committed off
run until violated clients-linearizable
expect clients-linearizable violated
