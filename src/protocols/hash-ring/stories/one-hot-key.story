lab hash-ring seed=1 points=200 nodes=10 spares=0 keys=2000 clients=4 rate=20 hot=80%
# The article says that a ring avoids hot spots. This one is as even as can be: two hundred points for each server. But
# four requests of five are for one key, and a key is on three servers, however even the others are.
run 10ms
expect even
run until hot-spot within 20s
mark "a hot spot on an even ring"
run 100ms
expect even
expect one-node-has-far-more-than-its-share seen
expect each-key-has-its-owners holds
expect trace 17d8951836cae3d6
