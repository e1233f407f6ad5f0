lab redlock seed=8 instances=2 clients=2
rule more-than-half off
run until violated one-believer-at-a-time
expect one-believer-at-a-time violated
