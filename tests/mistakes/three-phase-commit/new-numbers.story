lab three-phase-commit seed=2 members=3 coordinators=3
rule new-numbers off
run until note declines-locked
kill n3
restart n3
run until violated a-decision-stays
expect a-decision-stays violated
