lab raft seed=6 nodes=2 spare=4
rule count-what-a-learner-has off
run until note client-done
request n1 reconfigure n6
run until violated a-new-member-has-caught-up
expect a-new-member-has-caught-up violated
