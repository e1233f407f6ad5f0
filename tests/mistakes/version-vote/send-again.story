lab version-vote seed=2 nodes=2 clients=1
rule send-again off
loss 60%
run until note waits-on
calm
run until violated after-calm-everybody-is-answered
expect after-calm-everybody-is-answered violated
