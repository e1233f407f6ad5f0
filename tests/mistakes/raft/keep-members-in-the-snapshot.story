lab raft seed=8 nodes=2 rate=4 batch=1 compact=1 spare=1
rule keep-members-in-the-snapshot off
slow-disk n3 100ms
run 520ms
request n1 add
run until violated a-server-knows-the-members
expect a-server-knows-the-members violated
