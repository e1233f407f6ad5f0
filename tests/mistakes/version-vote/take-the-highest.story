lab version-vote seed=1 nodes=3 clients=2
rule take-the-highest off
kill n2
run until note write-done
restart n2
run until violated clients-linearizable
expect clients-linearizable violated
