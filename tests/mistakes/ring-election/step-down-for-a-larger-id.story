lab ring-election seed=7 nodes=2
rule step-down-for-a-larger-id off
kill n1
run until note all-know
restart n1
run until violated one-leader
expect one-leader violated
