# All timers are armed together and run out together; all links are equally fast. Each server
# votes for itself, in every term.
lab raft seed=1 clients=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms
rule randomise-timeout off
calm
run 8s
expect "after calm there is a leader" violated
expect "after calm all live logs are alike" violated
expect trace 9d9da3c3b67e6598
