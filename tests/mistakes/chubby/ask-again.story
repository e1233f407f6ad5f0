lab chubby seed=1 replicas=1 clients=1
rule ask-again off
run until note in-office
calm
run until violated after-calm-a-waiter-gets-the-lock
expect after-calm-a-waiter-gets-the-lock violated
