lab lease-lock seed=3 clients=2 writes=5
rule ask-with-a-new-token off
run until violated one-believer-at-a-time
expect one-believer-at-a-time violated
