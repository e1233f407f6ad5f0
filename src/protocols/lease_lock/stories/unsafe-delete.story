# c1 works longer than its lease lasts, and in the end deletes "the" lock: it is that of c2 by now, and
# c3 gets it, too.
lab lease-lock seed=1 clients=3 rate=0
rule compare-the-token off
request c1 acquire
run until held
pause c1
run until note expired
request c2 acquire
run until held
run 10ms
resume c1
run until note deleted-anothers
request c3 acquire
run until violated one-grant-at-a-time
expect one-grant-at-a-time violated
