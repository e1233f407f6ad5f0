lab multi-paxos seed=2 nodes=2 disk_max=30ms
rule answer-what-is-on-disk off
run until violated what-is-chosen-is-on-a-majority-of-disks
expect what-is-chosen-is-on-a-majority-of-disks violated
