lab paxos seed=5 acceptors=2
rule send-again off
partition p1 a1 | p2 a2 l1
run until note promised
calm
run until violated after-calm-a-value-is-chosen
expect after-calm-a-value-is-chosen violated
