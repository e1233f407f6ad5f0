lab chubby seed=1 clients=0
rule keep-the-promise off
run until note in-office
cut n5 n1
run until violated one-master-at-a-time
expect one-master-at-a-time violated
