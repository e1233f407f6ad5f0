lab bully seed=7 leader_timeout=2s
# The lowest notices first. It asks all above it, each of them answers and asks all above itself: with n nodes
# n² - n - 1 messages, announcements among them; here 19.
run until agreed within 1s
run 100ms
mark "before"
kill n5
request n1 elect
run until note gives-way within 100ms
run until agreed within 300ms
mark "three elections for nothing, and one that counts"
expect n4 role leader
expect the-highest-live-node-leads-in-time holds
expect trace f3295db4da6e45bf
