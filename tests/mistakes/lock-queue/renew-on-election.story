lab lock-queue seed=5 nodes=2 clients=1 timeout_min=50ms
rule renew-on-election off
run until violated one-grant-at-a-time
expect one-grant-at-a-time violated
