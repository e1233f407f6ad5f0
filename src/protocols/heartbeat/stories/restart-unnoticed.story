lab heartbeat seed=2
# A node crashes and is back before its timeout: the monitor never suspects it.
run until all-trusted
run 300ms
kill n5
run 50ms
restart n5
run until note restart-unnoticed within 30ms
expect not suspected
expect a-node-is-suspected not-seen
expect m1 false-alarms "0"
# The monitor itself crashes, and forgets: it suspects nobody, the dead one neither, and begins anew.
kill n1
run 400ms
expect m1 suspected "n1"
kill m1
expect not suspected
restart m1
expect m1 suspected ""
run until note never-heard within 360ms
expect m1 suspected "n1"
# When n1 is back, the monitor cannot say whether it was ever gone: it counts no false alarm.
restart n1
run until note heard-at-last within 30ms
expect m1 false-alarms "0"
expect all-trusted
expect a-dead-node-is-suspected holds
expect a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat holds
expect trace b31c4f74c79a6314
