# shellcheck shell=dash disable=SC2012,SC2154
# 9p: two clients of a server in the guest
serve
for c in 1 2; do mount -t 9p -o "$O" 127.0.0.1 /m$c || fail "mount $c"; done
work() {	# CLIENT
	mkdir "/m$1/d$1"; cd "/m$1/d$1" || return
	for i in $(seq 100); do echo "$1 $i" > "f$i"; done
	mkdir sub; for i in $(seq 1 2 100); do mv "f$i" "sub/g$i"; done
	cat f* sub/g* | md5sum; ls -R | md5sum
	for i in $(seq 2 2 100); do rm "f$i"; done
	ls | wc -l
	cd /
}
work 1 > /tmp/o1 & one=$!
work 2 > /tmp/o2 & two=$!
wait $one; wait $two
slab p9_req_t
cat /tmp/o1 /tmp/o2
# Requests that are interrupted are flushed.
yes data | dd of=/m1/big bs=64k count=64 iflag=fullblock 2>/dev/null; sync
for i in $(seq 20); do
	cat /m1/big /m1/big > /dev/null & reader=$!
	cat /m2/big > /dev/null & other=$!
	usleep $((i * 3000)); kill -9 $reader; wait $other || fail "the other client"
done 2>/dev/null
md5sum < /m1/big; md5sum < /m2/big
umount /m1 || fail umount
# The connection breaks while requests are in flight.
cat /m2/big /m2/big /m2/big /m2/big > /dev/null 2>/dev/null & reader=$!
usleep 5000; kill -9 "$server"; wait $reader && echo "read all of it"
ls /m2 >/dev/null 2>&1; echo "ls without a server: $?"
umount /m2 || fail umount
slab p9_req_t
