lab redlock seed=8 instances=2 clients=2
rule count-each-once off
duplication 100%
run until violated one-believer-at-a-time
expect one-believer-at-a-time violated
