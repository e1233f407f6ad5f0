# Found by the search, which was asked for late messages: explore three-phase-commit --check all-decide-alike --beyond late-message
lab three-phase-commit seed=8 members=2
latency 0ms..500ms
run until violated all-decide-alike
expect all-decide-alike violated
expect with-nobody-in-doubt-the-total-is-right violated
expect trace 7f24043fea4b2ff7
