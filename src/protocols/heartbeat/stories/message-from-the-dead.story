lab heartbeat seed=7 nodes=3
# Heartbeats of n2 are slow on their way. It dies and is suspected; then they arrive.
run until all-trusted
run 200ms
latency n2 > m1 500ms
run 150ms
kill n2
run until suspected within 360ms
expect m1 suspected "n2"
expect not falsely-suspected
mark "a message from the dead"
run until note false-alarm within 300ms
# The monitor calls it a false alarm and trusts a dead node. It cannot know better.
expect m1 suspected ""
expect m1 false-alarms "1"
expect a-false-alarm not-seen
# Each such message buys one timeout, no more.
run until suspected within 500ms
expect m1 suspected "n2"
expect a-dead-node-is-suspected holds
expect a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat holds
expect trace 126ee57416d43939
