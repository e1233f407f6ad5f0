lab lock-queue seed=4 nodes=1 clients=2
rule look-when-unwatched off
loss 30%
run until note released
calm
run until violated no-waiter-is-forgotten
expect no-waiter-is-forgotten violated
