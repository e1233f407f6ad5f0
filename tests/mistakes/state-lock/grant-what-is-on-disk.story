lab state-lock seed=1 nodes=2
rule grant-what-is-on-disk off
run until note granted
kill s1
restart s1
run until violated one-grant-at-a-time
expect one-grant-at-a-time violated
