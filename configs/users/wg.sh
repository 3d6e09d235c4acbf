# WireGuard: the self-tests that it runs when it is initialised
dmesg | sed -n 's/.*wireguard: \(.*self-tests: .*\)/\1/p'
