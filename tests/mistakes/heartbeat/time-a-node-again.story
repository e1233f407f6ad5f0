lab heartbeat seed=7 nodes=2 timeout=35ms latency_max=200ms
rule time-a-node-again off
run until note heartbeat-sent
kill n1
run until violated a-dead-node-is-suspected
expect a-dead-node-is-suspected violated
