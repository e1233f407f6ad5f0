lab bully seed=286 variant=terms nodes=3
rule assent-when-on-disk off
cut n2 n3
run until note busy
kill n1
restart n1
run until violated one-leader-a-term
expect one-leader-a-term violated
