lab paxos seed=1 latency_min=10ms latency_max=10ms disk_min=2ms disk_max=2ms
# Who is overtaken tries again at once. That overtakes the other, who tries again at once.
rule back-off off
run until duel within 1s
run 1s
expect not chosen
mark "a second, and dozens of ballots"
calm
run until violated after-calm-a-value-is-chosen within 5s
expect not chosen
expect one-value-is-chosen holds
expect trace feaf3df4940d92ea
