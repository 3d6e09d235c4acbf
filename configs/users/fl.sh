# shellcheck shell=dash
fl-test
measure sends 200000
measure labels 1000
slab ip6_flowlabel
