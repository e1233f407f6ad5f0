lab counter seed=9 way=pn-counter clients=1 replicas=2 rate=35 client_timeout=15ms
rule take-the-answer-to-this off
run until violated no-acknowledged-add-is-lost
expect no-acknowledged-add-is-lost violated
