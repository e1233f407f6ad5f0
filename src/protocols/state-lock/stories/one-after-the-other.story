lab state-lock seed=1
# Three nodes poll. Whoever is first has it; the others wait, and poll on. Nobody tells them when it is free.
run until locked within 5s
mark "one has it"
run until note waits within 5s
expect not two-hold
run until free within 30s
run until locked within 5s
run 60s
expect one-grant-at-a-time holds
expect a-node-has-the-lock seen
expect trace a7f5e5ba00128efe
