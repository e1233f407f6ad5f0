lab priority-vote seed=1 form=uniform nodes=4
# Two of four are half. A wall between two and two: both sides call, and both elect one, in the same term.
rule more-than-half off
run 20ms
partition A B | C D
run until violated one-leader-a-term within 5s
expect two-leaders
expect a-leader-has-the-votes-of-more-than-half violated
expect trace d3bcb32289c90ce9
