lab priority-vote seed=5
rule vote-when-on-disk off
partition A | B C
run until note c-leads
kill C
restart C
partition B | A C
run until violated one-leader-a-term
expect one-leader-a-term violated
