lab multi-paxos seed=1 nodes=2 disk_max=90ms
rule count-an-acceptor-once off
run until violated what-is-chosen-is-on-a-majority-of-disks
expect what-is-chosen-is-on-a-majority-of-disks violated
