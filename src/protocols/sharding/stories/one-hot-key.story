# With six keys the hot sixth is one key, and nearly all want it. The range is split until k00 stands alone: then no split is possible, and a
# move would only carry the heat from one shard to another. What helps is more copies, or another key.
lab sharding seed=1 keys=6 hot=95% rate=30
run until note found-hot
run until note split
run until note cannot-be-divided within 20s
expect one-owner-a-key-at-a-time holds
expect clients-linearizable holds
expect trace ca07c5ae7d241a5d
