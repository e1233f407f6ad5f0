lab raft seed=3 nodes=2 rate=40 latency_max=42ms disk_max=9ms batch=1
rule answer-when-committed off
run until violated clients-linearizable
expect clients-linearizable violated
