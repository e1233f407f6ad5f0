lab lease-lock seed=5 clients=2 writes=4
rule stop-with-the-lease off
run until violated one-believer-at-a-time
expect one-believer-at-a-time violated
