lab redlock seed=7 instances=1 clients=2
rule stop-with-the-validity off
run until note not-its-token
partition c2 | i1 r1 c1
run until note looked
partition c1 | i1 r1 c2
run until note wrote
calm
run until violated after-calm-the-lock-is-granted-again
expect after-calm-the-lock-is-granted-again violated
