lab three-phase-commit seed=1 rate=0
# No message is late. But n1 waits for its disk before it sends one, and that is a delay like any other.
request n1 pay n2 20
run until note yes-counted within 1s
slow-disk n1 500ms
run until note takes-over within 1s
run 200ms
expect n4 aborted 1
run until violated all-decide-alike within 3s
expect n1 committed 1
expect with-nobody-in-doubt-the-total-is-right violated
expect trace 1a616f252203efe8
