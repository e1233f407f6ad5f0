lab heartbeat seed=8 nodes=2 timeout=35ms
rule time-a-node-again off
run until note timer-kept
kill n2
run until violated a-dead-node-is-suspected
expect a-dead-node-is-suspected violated
