lab heartbeat seed=5
# n4 stops for a second, as in a long garbage collection. It is alive, and looks dead.
run until all-trusted
run 200ms
pause n4
run until suspected within 360ms
expect m1 suspected "n4"
expect a-false-alarm seen
run 700ms
mark "n4 goes on"
resume n4
run until note false-alarm within 30ms
expect all-trusted
# The monitor pauses, longer than the timeout. What waited is heard first, so nobody is accused.
pause m1
run 2s
mark "the monitor goes on"
resume m1
run 1s
expect m1 false-alarms "1"
expect all-trusted
expect a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat holds
expect a-dead-node-is-suspected holds
expect trace 0b030b5d9e8c4abf
