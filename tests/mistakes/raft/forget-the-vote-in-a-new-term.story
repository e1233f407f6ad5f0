lab raft seed=9 nodes=2 clients=0
rule forget-the-vote-in-a-new-term off
kill n1
calm
run until violated after-calm-there-is-a-leader
expect after-calm-there-is-a-leader violated
