lab chubby seed=1 replicas=4 clients=0
rule keep-the-promise off
run until note commit-followed
cut n4 n1
run until violated one-master-at-a-time
expect one-master-at-a-time violated
