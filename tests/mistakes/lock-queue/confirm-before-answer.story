lab lock-queue seed=4 nodes=2 clients=2
rule confirm-before-answer off
run until note watch-set
partition n1 | n2 r1 c1 c2
run until note session-ran-out
partition c2 | n1 n2 r1 c1
run until violated one-grant-at-a-time
expect one-grant-at-a-time violated
