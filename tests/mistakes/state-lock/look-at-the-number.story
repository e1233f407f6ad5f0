lab state-lock seed=6 nodes=1 latency_max=196ms
rule look-at-the-number off
run until violated one-grant-at-a-time
expect one-grant-at-a-time violated
