lab paxos-of-the-future seed=1
