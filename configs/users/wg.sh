# shellcheck shell=dash
# WireGuard: its self-tests when it is initialised, of which KASAN excludes one
dmesg | sed -n 's/.*wireguard: \(.*self-test.*\)/\1/p' > /tmp/tests
sed 's/^/M: /' /tmp/tests
grep -q pass /tmp/tests || fail "no self-tests"
grep -v pass /tmp/tests
