lab raft
lab raft
