lab lease-lock seed=6 clients=2 latency_max=120ms
rule ask-with-a-new-token off
run until violated one-believer-at-a-time
expect one-believer-at-a-time violated
