# shellcheck shell=dash
fl-test
slab ip6_flowlabel
