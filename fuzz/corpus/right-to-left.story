lab raft
mark "‮1s nur‬"
expect n1 "‮fact" "​"
