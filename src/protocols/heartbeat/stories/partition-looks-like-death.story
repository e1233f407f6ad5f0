lab heartbeat seed=11
# Two nodes crash and two are cut off. To the monitor the four look the same.
run until all-trusted
run 300ms
kill n1
kill n2
partition m1 n5 | n3 n4
run 400ms
mark "which of them are dead?"
expect m1 suspected "n1 n2 n3 n4"
expect m1 trusted "n5"
expect falsely-suspected
heal
run 150ms
mark "now one can tell"
expect m1 suspected "n1 n2"
expect m1 false-alarms "2"
expect not falsely-suspected
calm
run 150ms
expect all-trusted
expect a-live-node-is-trusted-again holds
expect a-dead-node-is-suspected holds
expect trace 3ca2acfaa868a45e
