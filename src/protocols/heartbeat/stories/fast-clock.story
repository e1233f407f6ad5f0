lab heartbeat seed=4 timeout=150ms
# The monitor's clock runs half as fast again: its full timeout is a short one by the clock on the
# wall. Outside the faults that the promise stands under, it breaks.
run until all-trusted
run 200ms
expect a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat holds
drift m1 500000ppm
run until violated a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat within 2s
expect falsely-suspected
expect a-dead-node-is-suspected holds
expect trace 2fd2181394af2001
