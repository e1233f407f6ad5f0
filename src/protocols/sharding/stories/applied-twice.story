# c1 adds one to k00. Its answer is lost, so it will ask again; meanwhile the range moves. Without the rule the record of what was applied
# stays behind, and the new owner adds once more.
lab sharding seed=1 rate=0 clients=1 balance=off timeout=300ms
rule what-was-applied-moves-along off
request c1 add k00
run until message Request
cut s1 c1
run 10ms
heal
request m1 move k00 to s2
run until violated no-write-is-doubled
expect no-write-is-doubled violated
expect no-acknowledged-write-is-lost holds
expect trace 3b17c175e5f41b58
