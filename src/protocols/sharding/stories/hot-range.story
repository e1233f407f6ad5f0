# Six of ten requests go to k00, k01, k02 and k03, all of them at s1. The shards count, the keeper hears of it: a move of the whole
# range would only carry the heat on, so it is split in the middle of its requests, and a half moves.
lab sharding seed=1
run until note found-hot
run until note split
expect a-range-is-split seen
run until note orders-move
run until note takes-over
run until at-rest
run 8s
expect a-piece-changes-its-owner seen
expect a-client-is-redirected seen
expect one-owner-a-key-at-a-time holds
expect no-acknowledged-write-is-lost holds
expect no-write-is-doubled holds
expect clients-linearizable holds
expect trace 52079cf170a8b762
