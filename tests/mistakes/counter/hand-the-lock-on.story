lab counter seed=9 way=lock clients=2
rule hand-the-lock-on off
run until note still-waits
calm
run until violated after-calm-every-add-is-answered
expect after-calm-every-add-is-answered violated
