lab paxos seed=1 acceptors=5 prepare_quorum=4 accept_quorum=2 by_themselves=off
# Four promises, and then two acceptances are enough: any four of five meet any two.
request p1 propose x
run until note free-choice within 1s
kill a3
kill a4
kill a5
run until note decided within 1s
mark "chosen by two of five"
run until learned within 1s
# That is paid for elsewhere: nobody else gets a ballot through.
request p2 propose y
run 2s
expect p2 phase preparing
mark "two promises, and four are needed"
restart a3
restart a4
run until note adopts within 1s
run 1s
expect p2 phase decided
expect one-value-is-chosen holds
expect trace 386415dcaba69873
