lab raft
request c1 put abcdefghi=1
