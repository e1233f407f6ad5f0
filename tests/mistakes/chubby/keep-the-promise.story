lab chubby seed=6 replicas=3 clients=0
rule keep-the-promise off
run until note commit-followed
cut n1 n3
run until violated one-master-at-a-time
expect one-master-at-a-time violated
