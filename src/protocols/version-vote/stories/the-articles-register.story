lab version-vote seed=1 nodes=3 clients=3 rate=5
# A global version of which each client has its own copy, numbers without names, one answer is enough, and who reads
# tells nobody.
rule ask-a-majority-first off
rule break-ties-by-writer off
rule wait-for-a-majority off
rule write-back-what-was-read off
run until violated clients-linearizable within 60s
mark "no order explains what clients saw"
expect clients-linearizable violated
expect trace ce4d963233dfc1ed
