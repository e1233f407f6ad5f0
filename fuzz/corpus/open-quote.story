lab raft
mark "never closed
