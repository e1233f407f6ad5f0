# The range goes to s2. Without the rule c1 leaves its table as it is, asks s1 again and again, and gets nowhere.
lab sharding seed=1 rate=0 clients=1 balance=off
rule a-redirect-mends-the-table off
request m1 move k00 to s2
run until note takes-over
run 100ms
request c1 add k00
run until note table-is-stale
calm
run 6s
expect not answered
expect after-calm-every-key-is-served violated
expect after-calm-moves-come-to-an-end holds
expect trace 4ed86101c9df8c07
