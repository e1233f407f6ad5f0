lab priority-vote seed=1
# A leads, and falls sick. By acceptance that is the end of its reign; and as long as it is sick nobody names it.
run 20ms
request B call
run until agreed within 500ms
expect A role leader
run 100ms
request A sick
mark "A is sick"
run until agreed within 1s
expect C role leader
expect A sick yes
run 3s
# It is well again. Its priority takes nothing from anybody who leads.
expect C role leader
expect a-higher-priority-follows seen
expect trace 43fa6895f942a96d
