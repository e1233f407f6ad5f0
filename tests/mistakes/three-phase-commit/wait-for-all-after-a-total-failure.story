lab three-phase-commit seed=5 members=2 retry=66.666ms latency_max=100ms
rule wait-for-all-after-a-total-failure off
run until message Yes
kill n2
run until note commits
restart n2
run until violated all-decide-alike
expect all-decide-alike violated
