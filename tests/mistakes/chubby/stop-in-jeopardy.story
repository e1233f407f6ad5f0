lab chubby seed=5 replicas=1 clients=2
rule stop-in-jeopardy off
run until message GetContents
partition c1 | n1 r1 c2
run until violated one-believer-at-a-time
expect one-believer-at-a-time violated
