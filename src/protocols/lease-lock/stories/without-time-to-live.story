# The same without a time to live: the lock belongs to a client that is not there any more, for ever.
lab lease-lock seed=1 ttl=500ms clients=2 rate=0
rule time-to-live off
request c1 acquire
run until held
kill c1
request c2 acquire
run 5s
expect not held
calm
run until violated after-calm-the-lock-is-granted-again within 11s
expect after-calm-the-lock-is-granted-again violated
expect trace 289fed3d355b50e0
