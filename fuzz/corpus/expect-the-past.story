lab raft
expect trace 0000000000000000
expect trace zzzzzzzzzzzzzzzz
