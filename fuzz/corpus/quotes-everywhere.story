"lab" "raft" "seed=7"
"run" "1ms"
"kill" "n1"
"expect" "n1" "status" "down"
