lab cache seed=6 mode=write-through clients=1
rule a-fill-times-out off
partition s1 | m1
run until note missed
calm
run until violated after-calm-every-request-is-answered
expect after-calm-every-request-is-answered violated
