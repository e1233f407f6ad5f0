lab heartbeat seed=7
# A node crashes. Within one timeout of its last heartbeat the monitor suspects it, and no other.
run until all-trusted
run 500ms
mark "before the crash"
kill n3
run until suspected within 360ms
expect m1 suspected "n3"
expect m1 trusted "n1 n2 n4 n5"
expect not falsely-suspected
expect a-false-alarm not-seen
expect a-node-is-suspected seen
mark "n3 comes back"
restart n3
run until note came-back within 30ms
expect all-trusted
# It crashed and came up anew, so the suspicion was right: no false alarm is counted.
expect m1 false-alarms "0"
expect a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat holds
expect a-dead-node-is-suspected holds
expect trace 751734544c6f5f03
