lab lock-queue seed=9 nodes=1 clients=1
rule renew-on-heartbeat off
run until violated one-grant-at-a-time
expect one-grant-at-a-time violated
