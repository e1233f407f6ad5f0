lab priority-vote seed=7
rule step-down-for-a-newer-term off
run until note follows
partition B | A C
run until note vote-counted
calm
run until violated after-calm-all-follow-one-leader
expect after-calm-all-follow-one-leader violated
