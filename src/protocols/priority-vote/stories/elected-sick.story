lab priority-vote seed=1
# A says that it is well, is named, and falls sick before the votes come. With the rule off it leads all the same.
rule look-at-yourself-again off
run 20ms
request B call
run until note nominates-best within 500ms
request A sick
run until violated whoever-is-accepted-is-fit-when-it-takes-the-lead within 500ms
expect A role sick-leader
expect trace 797862e679473dd0
