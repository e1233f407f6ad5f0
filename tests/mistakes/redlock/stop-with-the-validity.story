lab redlock seed=2 instances=1 clients=2 ttl=133.333ms
rule stop-with-the-validity off
run until violated one-believer-at-a-time
expect one-believer-at-a-time violated
