lab three-phase-commit seed=1 rate=0
request n1 pay n2 20
run until note yes-counted within 1s
run until note pre-commits-all within 1s
partition n1 n2 | n3 n4
mark "a wall, and either side takes the other one for dead"
run until violated all-decide-alike within 2s
run 500ms
expect n1 committed 1
expect n2 committed 1
expect n3 aborted 1
expect n4 aborted 1
expect two-decide-otherwise seen
expect with-nobody-in-doubt-the-total-is-right violated
expect trace f8ce3cebda7439c8
