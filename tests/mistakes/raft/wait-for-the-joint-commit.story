lab raft seed=2 nodes=2 clients=0 spare=1
rule wait-for-the-joint-commit off
run until note commit-followed
request n2 reconfigure n1
run until violated a-change-waits-for-the-one-before
expect a-change-waits-for-the-one-before violated
