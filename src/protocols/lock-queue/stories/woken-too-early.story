# c3 watches the node of c2, and c2 dies while it waits. Its node goes with its session, and c3 is
# woken; but c1 still holds. Who takes a wake-up for a grant is wrong.
lab lock-queue seed=1 rest=0ms hold=1s session_timeout=400ms request_timeout=300ms
rule look-again off
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
run until waiting within 1s
request c3 lock
run 100ms
kill c2
run until violated one-believer-at-a-time within 2s
mark "c3 was woken by a death"
expect c1 state holder
expect c3 state holder
expect "one believer at a time" violated
expect "first come first served" violated
expect trace c7d0ea833277bd5f
