# Each turn takes two locks. c1 begins with a, c2 with b; then each waits for what the other holds, and
# neither will ever let go. Their sessions are alive and well.
lab lock-queue seed=1 clients=2 locks=2 rest=0ms hold=300ms session_timeout=800ms request_timeout=300ms
rule one-order off
run until connected within 5s
request c1 lock
request c2 lock
run until violated nobody-waits-in-a-circle within 2s
run 100ms
mark "a circle"
expect c1 state waiter
expect c2 state waiter
calm
run until violated no-waiter-is-forgotten within 25s
expect "nobody waits in a circle" violated
expect "no waiter is forgotten" violated
expect trace 83fec55f5a37d79d
