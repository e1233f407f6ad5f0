lab raft seed=1 nodes=1 clients=0 spare=1
rule take-members-from-the-log off
run until note applied
request n1 add
run until violated a-commit-has-its-majorities
expect a-commit-has-its-majorities violated
