# Three ask at the same moment and divide the instances among them: nobody has a majority. All give back what
# they got, wait for a random time, and try again.
lab redlock seed=3 rate=0 latency_max=10ms timeout=60ms work=90ms
request c1 acquire
request c2 acquire
request c3 acquire
run until note released within 100ms
run until held within 1s
expect "one grant at a time" holds
expect "no key is left behind" holds
expect trace 2390c447c086d498
