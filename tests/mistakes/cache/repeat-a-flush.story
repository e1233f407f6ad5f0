lab cache seed=4 mode=write-back clients=1 rate=0
rule repeat-a-flush off
loss m1 s1 100%
request c1 put k1=16
run until note writes-back
calm
run until violated after-calm-the-store-has-what-was-acknowledged
expect after-calm-the-store-has-what-was-acknowledged violated
