lab state-lock seed=1 nodes=2
rule tell-the-holder-again off
run until note waits
kill n2
calm
run until violated after-calm-the-lock-is-granted
expect after-calm-the-lock-is-granted violated
