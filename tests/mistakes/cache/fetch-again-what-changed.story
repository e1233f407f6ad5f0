lab cache seed=4 mode=write-through clients=2
rule fetch-again-what-changed off
run until violated the-cache-keeps-nothing-older-than-an-acknowledged-write
expect the-cache-keeps-nothing-older-than-an-acknowledged-write violated
