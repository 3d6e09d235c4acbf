# shellcheck shell=dash disable=SC2012,SC2154
# Allocations and reads fail in the functions that insert objects: errors are allowed, damage is not.
echo N > /sys/kernel/debug/failslab/ignore-gfp-wait
# inject WHAT: failslab or fail_make_request
inject() { F=/sys/kernel/debug/$1; echo 0 > "$F/verbose"; echo 16 > "$F/stacktrace-depth"; }
# start PERCENT FUNCTION: so many injections below FUNCTION take place, until "stop"
start() {
	function=$2
	range=$(sort /proc/kallsyms | awk -v f="$2" 'from && $1 != from { print from, $1; exit }
		{ sub(/\.(isra|constprop)\..*/, "", $3) } $3 == f { from = $1 }')
	[ -n "$range" ] || fail "no function $2"
	echo 1000000000 > "$F/times"
	echo "0x${range% *}" > "$F/require-start"
	echo "0x${range#* }" > "$F/require-end"
	echo "$1" > "$F/probability"
}
stop() {
	echo 0 > "$F/probability"
	failed=$((1000000000 - $(cat "$F/times")))
	echo "M: ${F##*/} in $function: $failed"
	[ $failed -gt 0 ] || fail "nothing failed in $function"
}
# during FUNCTION COMMAND...: two of five injections below FUNCTION take place while COMMAND runs
during() {
	start 40 "$1"
	shift
	"$@" >/dev/null 2>&1
	stop
}
inject failslab
files() { for i in $(seq "$1" "$2"); do dd if=/dev/zero of="/mnt/$i/f$3" bs=4k count=1 oflag=direct 2>/dev/null; done; }

echo "xfs:"
truncate -s 400M /tmp/img
mkfs.xfs -q -f -d agcount=4 /tmp/img || fail mkfs
losetup /dev/loop0 /tmp/img
mount -t xfs -o filestreams /dev/loop0 /mnt || fail mount
for i in $(seq 200); do mkdir "/mnt/$i"; done
during xfs_filestream_select_ag files 1 200 a
files 1 200 b
ls /mnt/*/f* | wc -l
umount /mnt
xfs_repair -n /dev/loop0 >/dev/null 2>&1; echo "xfs_repair: $?"
losetup -d /dev/loop0

echo "gfs2:"
mkfs.gfs2 -q -O -p lock_nolock -j 1 -J 16 /tmp/img || fail mkfs
losetup /dev/loop0 /tmp/img
mount -t gfs2 -o quota=on /dev/loop0 /mnt || fail mount
during gfs2_quota_hold quota make /mnt 1000 200 a
quota make /mnt 1000 200 a
quota sync /mnt
quota get /mnt 1100 2
umount /mnt; losetup -d /dev/loop0
fsck.gfs2 -n /tmp/img >/dev/null 2>&1; echo "fsck.gfs2: $?"
rm /tmp/img

echo "flow labels:"
labels() { for i in $(seq 20); do measure labels 200; sleep 0.2; done; }
during ipv6_flowlabel_opt labels
sleep 8
tail -n +2 /proc/net/ip6_flowlabel | wc -l
measure labels 1000 | sed "s/^M:.*/labels can be created/"

echo "dm-zoned:"
zoned
zones() { for i in $(seq 0 "$1"); do echo "$i" | dd of="$D" bs=4k count=1 seek=$((i * ZB)) conv=notrunc,fsync,sync 2>/dev/null || echo "error: $i"; done; }
# The table cannot grow, but no write fails. The base has no table.
if grep -q dmz_mblock /proc/slabinfo; then
	start 100 bucket_table_alloc
	zones 200 & writer=$!
	sleep 4
	stop
	wait $writer
fi
during dmz_get_mblock zones 200
zones 200
contents() { for i in $(seq 0 200); do dd if="$D" bs=4k count=1 skip=$((i * ZB)) 2>/dev/null; done | md5sum; }
contents
# Metadata cannot be read, and later it can.
inject fail_make_request
echo 1 > /sys/block/nullb0/make-it-fail
drop
during dmz_get_mblock contents
contents
echo 0 > /sys/block/nullb0/make-it-fail
inject failslab
shut

echo "9p:"
serve
yes data | dd of=/tmp/export/big bs=64k count=64 iflag=fullblock 2>/dev/null
mount -t 9p -o "$O" 127.0.0.1 /m1 || fail mount
reads() { for i in $(seq 100); do dd if=/m1/big bs=4k count=1 skip="$i"; done; }
during p9_client_rpc reads
md5sum < /m1/big
umount /m1 || fail umount
kill "$server"
