lab heartbeat seed=3 nodes=3
# The network loses all that n2 sends for a while. n2 lives, and the monitor cannot know.
run until all-trusted
run 250ms
loss n2 > m1 100%
run until suspected within 360ms
mark "suspected, but alive"
expect m1 suspected "n2"
expect falsely-suspected
expect a-false-alarm seen
loss n2 > m1 0%
run until note false-alarm within 150ms
expect all-trusted
expect m1 false-alarms "1"
# A false alarm breaks no promise: there was a full timeout without a heartbeat.
expect a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat holds
calm
run 300ms
expect a-live-node-is-trusted-again holds
expect trace eaeb1b8e08e61e53
