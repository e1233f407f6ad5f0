lab bully seed=7 variant=terms nodes=3
rule assent-once-a-term off
cut n3 > n2
run until violated one-leader-a-term
expect one-leader-a-term violated
