lab three-phase-commit seed=1 rate=0
request n1 pay n2 20
run until message Yes within 1s
pause n1
mark "n1 stands still: a long garbage collection, say"
run until note nobody-pre-committed within 1s
run 200ms
expect n2 aborted 1
expect n4 aborted 1
mark "the others have taken it for dead, and aborted"
resume n1
# It finds three votes, all of them yes, and goes on where it was.
run until note pre-commits-all within 1s
run until violated all-decide-alike within 2s
expect n1 committed 1
expect with-nobody-in-doubt-the-total-is-right violated
expect trace 2bc46ef5ea35def1
