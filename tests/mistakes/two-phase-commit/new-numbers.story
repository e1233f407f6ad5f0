lab two-phase-commit seed=1 members=2 ask_timeout=20ms disk_max=50ms
rule new-numbers off
run until message Undecided
kill n1
restart n1
run until violated a-decision-stays
expect a-decision-stays violated
