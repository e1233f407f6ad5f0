lab heartbeat seed=1 nodes=1
rule take-a-suspicion-back off
kill n1
run until note never-heard
calm
run until violated a-live-node-is-trusted-again
expect a-live-node-is-trusted-again violated
