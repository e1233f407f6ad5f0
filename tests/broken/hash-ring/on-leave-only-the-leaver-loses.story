lab hash-ring seed=7 nodes=3 spares=0 replicas=1 clients=1
rule place-by-hash off
request n1 leave
run until violated on-leave-only-the-leaver-loses
expect on-leave-only-the-leaver-loses violated
