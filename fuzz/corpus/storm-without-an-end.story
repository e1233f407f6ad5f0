lab heartbeat
storm every 0us
storm every 1us
storm every 999us
storm every 1ms crash
run 3600s
