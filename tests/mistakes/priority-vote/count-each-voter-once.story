lab priority-vote seed=1 reign=100ms
rule count-each-voter-once off
duplication 100%
run until violated a-leader-has-the-votes-of-more-than-half
expect a-leader-has-the-votes-of-more-than-half violated
