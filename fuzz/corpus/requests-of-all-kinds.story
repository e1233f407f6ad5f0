lab raft clients=1 rate=0
request c1 put x=1
request c1 put x==1
request c1
