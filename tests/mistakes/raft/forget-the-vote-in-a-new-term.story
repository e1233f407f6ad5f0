lab raft seed=4 nodes=4 clients=0
rule forget-the-vote-in-a-new-term off
calm
run until violated after-calm-there-is-a-leader
expect after-calm-there-is-a-leader violated
