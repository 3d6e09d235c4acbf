# shellcheck shell=dash
fl-test
selftest() { if "$@" >/tmp/out 2>&1; then echo "ok: $*"; else fail "$*: $(tail -n 5 /tmp/out)"; fi; }
selftest ipv6_flowlabel_mgr
selftest ipv6_flowlabel -l 1
selftest ipv6_flowlabel -l 2 -s
echo 4 > /proc/sys/net/ipv6/flowlabel_reflect
echo "0 2147483647" > /proc/sys/net/ipv4/ping_group_range
selftest ipv6_flowlabel -l 3 -p
selftest ipv6_flowlabel -l 4 -p -s
slab ip6_flowlabel
