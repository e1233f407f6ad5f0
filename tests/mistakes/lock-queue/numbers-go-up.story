lab lock-queue seed=6 nodes=1 clients=2
rule numbers-go-up off
run until violated first-come-first-served
expect first-come-first-served violated
