lab heartbeat seed=1
# Without the rule the timer runs on from its first setting, whatever arrives.
run until all-trusted
expect a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat holds
rule restart-on-arrival off
run until note timer-kept
run until violated a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat within 500ms
mark "suspected, though its heartbeats arrive"
expect falsely-suspected
expect a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat violated
# The dead are still noticed: the rule guards accuracy, not completeness.
kill n2
run 1s
expect a-dead-node-is-suspected holds
expect trace f14f34802b17df11
