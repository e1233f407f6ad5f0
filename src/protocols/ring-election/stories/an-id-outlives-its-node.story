lab ring-election seed=4 order=best
# n6 crashes while its id is on its way. Nobody swallows it, as it is the largest; nobody takes it home. When it has come
# round once it is taken off the ring.
run until note sends-its-id within 100ms
run until note passed-on within 100ms
kill n6
run until id-of-the-dead within 200ms
mark "the id of a dead node"
run until note taken-off within 1s
mark "and it is taken off"
run until agreed within 3s
expect n5 role leader
expect an-id-outlives-its-node seen
expect no-id-goes-round-twice holds
expect the-largest-live-id-leads-in-time holds
expect trace 2444c6c42d62b0f1
