lab heartbeat
run 1s
fire m1 silence
fire m1 silence m1
fire n1 nothing n1
