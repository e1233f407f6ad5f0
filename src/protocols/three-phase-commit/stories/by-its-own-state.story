lab three-phase-commit seed=1 rate=0 send_gap=5ms
rule ask-for-states-first off
request n1 pay n2 20
run until note pre-commits-all within 1s
run 9ms
kill n1
mark "n2 knows that all have voted yes; n3 and n4 do not"
# Nobody asks anybody: who is uncertain aborts, who is pre-committed commits.
run until note decides-by-its-own-state within 1s
run until violated all-decide-alike within 2s
run 300ms
expect n2 committed 1
expect n3 aborted 1
expect n4 aborted 1
expect trace e864eee763b09838
