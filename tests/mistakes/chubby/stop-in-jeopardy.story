lab chubby seed=8 replicas=1 clients=2
rule stop-in-jeopardy off
run until message GetContents
partition c2 | n1 r1 c1
run until violated one-believer-at-a-time
expect one-believer-at-a-time violated
