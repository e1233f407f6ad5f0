lab heartbeat seed=4
# The monitor's clock runs at half its speed: a dead node is noticed twice as late as promised.
run until all-trusted
drift m1 -500000ppm
run 200ms
kill n2
run until violated a-dead-node-is-suspected within 500ms
expect m1 suspected ""
run until suspected within 400ms
expect m1 suspected "n2"
expect a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat holds
expect trace 6f7ca2d1e7600444
