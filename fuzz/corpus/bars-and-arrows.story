lab raft
partition | | |
cut > >
partition n1|n2|n3|n4|n5|c1
cut n1>n2
cut n1 > > n2
