lab sharding seed=1 layout=slots clients=1 disk_max=2ms
rule send-again-what-changed off
run 500ms
request m1 move k00 to s2
run until violated no-acknowledged-write-is-lost
