lab hash-ring seed=2 nodes=2 spares=0 keys=0 clients=1 latency_max=8ms disk_max=1ms
rule ask-again off
run 319.386ms
kill n2
calm
run until violated after-calm-every-request-is-answered
expect after-calm-every-request-is-answered violated
