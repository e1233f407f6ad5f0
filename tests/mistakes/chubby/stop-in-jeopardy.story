lab chubby seed=9 replicas=1 clients=2 lock_delay=0ms
rule stop-in-jeopardy off
loss 30%
run until violated one-believer-at-a-time
expect one-believer-at-a-time violated
