lab paxos seed=1 roles=together acceptors=2
rule send-again off
partition n2 | n1
run until note waits-on
calm
run until violated after-calm-a-value-is-chosen
expect after-calm-a-value-is-chosen violated
