lab raft seed=1 nodes=2 clients=0
rule forget-the-vote-in-a-new-term off
kill n2
calm
run until violated after-calm-there-is-a-leader
expect after-calm-there-is-a-leader violated
