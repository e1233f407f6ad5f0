lab raft
rule persist-vote off
rule compare-logs off
rule more-than-half off
rule random-timeouts off
storm every 50ms
run 2s
