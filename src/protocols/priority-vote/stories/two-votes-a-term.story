lab priority-vote seed=6 form=uniform
# Two call at the same moment, in the same term, and draw different ones. Who votes for both gives both more than half.
rule one-vote-a-term off
run 20ms
request A call
request B call
run until violated one-leader-a-term within 5s
expect trace 413be455ec900e93
