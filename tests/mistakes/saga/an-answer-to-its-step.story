lab saga seed=4 customers=1 latency_max=100ms
rule an-answer-to-its-step off
run until violated a-done-order-is-sent-and-paid
expect a-done-order-is-sent-and-paid violated
