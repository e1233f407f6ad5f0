lab load-balancer seed=7 servers=1
rule finish-what-was-begun off
run until violated no-request-is-lost-while-its-server-lives
expect no-request-is-lost-while-its-server-lives violated
