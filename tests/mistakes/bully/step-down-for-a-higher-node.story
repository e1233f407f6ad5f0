lab bully seed=1 nodes=3
rule step-down-for-a-higher-node off
kill n3
run until message Coordinator
restart n3
run until violated one-leader-but-while-an-announcement-travels
expect one-leader-but-while-an-announcement-travels violated
