lab priority-vote seed=1
# A has priority 10, B 8, C 9. Whoever calls asks all how they are and names the highest that is fit; more than half accept it.
run 20ms
request B call
run until agreed within 500ms
expect A role leader
expect B leader A
expect C leader A
mark "A leads"
expect a-leader-is-elected seen
expect a-leader-has-the-votes-of-more-than-half holds
expect trace 31cf40a350a1bbaf
