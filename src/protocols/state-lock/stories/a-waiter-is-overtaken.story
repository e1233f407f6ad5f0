lab state-lock seed=1
# A poller has no place in a queue: who came later may be luckier.
run until note waits within 10s
expect a-waiter-is-overtaken not-seen
run 10s
expect a-waiter-is-overtaken seen
expect one-grant-at-a-time holds
expect trace 7753640d60773a00
