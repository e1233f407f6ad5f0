lab lease-lock seed=6 clients=2 work=240ms
rule count-from-the-request off
run until violated one-believer-at-a-time
expect one-believer-at-a-time violated
