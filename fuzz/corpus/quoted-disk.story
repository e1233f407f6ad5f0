lab raft
run 1s
expect n1 "disk" ""
expect n1 disk "disk" "a  b"
expect n1 "a > b" |
