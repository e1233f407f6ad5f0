lab priority-vote seed=11 form=draw decides=voters
# Each voter draws for itself, with 10/27, 8/27 and 9/27. Nobody gets two of three votes in 22 of 100 elections.
run 20ms
request B call
run until note no-result within 1s
expect the-votes-are-split seen
mark "one vote each"
run until agreed within 2s
expect one-leader-a-term holds
expect trace bc7441d96773cdcb
