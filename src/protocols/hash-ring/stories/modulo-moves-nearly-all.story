lab hash-ring seed=1 rate=0 placement=modulo replicas=1
# The remainder of the hash is another one for nearly every key as soon as there is one server more: five of six keys
# move, most of them between servers that were there before.
run 100ms
request n6 join
run until moving within 1s
run until settled within 5s
expect keys-move seen
expect keys-move-between-nodes-that-stay seen
expect each-key-has-its-owners holds
expect trace 24be8003a4499f6c
