lab lease-lock seed=2 clients=2
rule answer-what-is-on-disk off
run until writing s1
kill s1
restart s1
run until violated one-grant-at-a-time
expect one-grant-at-a-time violated
