lab priority-vote seed=7 reign=100ms
rule votes-of-this-term off
run until violated a-leader-has-the-votes-of-more-than-half
expect a-leader-has-the-votes-of-more-than-half violated
