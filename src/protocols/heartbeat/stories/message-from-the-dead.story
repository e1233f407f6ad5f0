lab heartbeat seed=7 nodes=3 latency-min=20ms
# A heartbeat is held up on its way. Its sender dies and is suspected; then the heartbeat arrives.
run until all-trusted
run until message Heartbeat
