lab lease-lock seed=5 clients=2 writes=4
rule count-from-the-request off
run until violated one-believer-at-a-time
expect one-believer-at-a-time violated
