lab raft seed=4 nodes=3 disk_max=90ms batch=1
rule keep-what-agrees off
run until violated committed-entries-stay
expect committed-entries-stay violated
