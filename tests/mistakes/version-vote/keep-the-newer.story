lab version-vote seed=2 nodes=2 clients=2
rule keep-the-newer off
run until violated versions-never-go-back
expect versions-never-go-back violated
