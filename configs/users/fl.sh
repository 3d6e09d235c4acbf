fl-test
slab ip6_flowlabel
