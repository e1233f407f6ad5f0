lab heartbeat seed=6 nodes=1 timeout=35ms
rule wait-the-whole-timeout off
run until violated a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat
expect a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat violated
