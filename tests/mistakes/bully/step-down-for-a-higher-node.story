lab bully seed=1 nodes=3
rule step-down-for-a-higher-node off
kill n3
run until message Coordinator
restart n3
run until violated two-lead-only-while-an-announcement-travels
expect two-lead-only-while-an-announcement-travels violated
