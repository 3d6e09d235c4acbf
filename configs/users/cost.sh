# shellcheck shell=dash disable=SC2154
# Instructions of functions that use what the series converts. QEMU executes one in each nanosecond
# of the guest, so the times of the function profiler are instructions. Not run on other guests.
T=/sys/kernel/debug/tracing
echo 0 > $T/options/sleep-time	# not what other tasks do meanwhile
# count TEXT "FUNCTION..." COMMAND...: how often COMMAND calls the functions, and their average
count() {
	text=$1 functions=$2
	shift 2
	for f in $functions; do echo "$f"; done > $T/set_ftrace_filter || fail "no functions: $functions"
	echo 1 > $T/function_profile_enabled
	"$@" | sed "s/^M: /M: $text, whole operation, /"
	echo 0 > $T/function_profile_enabled
	for f in $functions; do
		awk -v f="$f" -v text="$text" '$1 == f { printf "M: %s, %s: %.0f (%d calls)\n", text, f, $5 * 1000, $2 }' $T/trace_stat/function0
	done
}
files() { # DIRECTORIES NAME: a file of 4 KiB in each
	for d in $(seq "$1"); do dd if=/dev/zero of="/mnt/$d/$2" bs=4k count=1 2>/dev/null; done
	sync
}

truncate -s 400M /tmp/img
mkfs.xfs -q -f -d agcount=4 /tmp/img || fail mkfs
losetup /dev/loop0 /tmp/img
mount -t xfs -o filestreams /dev/loop0 /mnt || fail mount
for d in $(seq 500); do mkdir "/mnt/$d"; done
sync
count "XFS filestreams, new directory" xfs_filestream_select_ag files 500 a
slab xfs_fstrm_item
count "XFS filestreams, known directory" xfs_filestream_select_ag files 500 b
umount /mnt; losetup -d /dev/loop0; rm /tmp/img

truncate -s 400M /tmp/img
mkfs.gfs2 -q -O -p lock_nolock -j 1 -J 16 /tmp/img || fail mkfs
losetup /dev/loop0 /tmp/img
mount -t gfs2 -o quota=on /dev/loop0 /mnt || fail mount
Q="gfs2_quota_hold gfs2_quota_unhold gfs2_quota_change"
count "gfs2 quota, new user" "$Q" quota make /mnt 1000 300 a
slab gfs2_quotad
count "gfs2 quota, known user" "$Q" quota make /mnt 1000 300 b
umount /mnt; losetup -d /dev/loop0; rm /tmp/img

serve
dd if=/dev/zero of=/tmp/export/big bs=64k count=64 2>/dev/null
mount -t 9p -o "$O" 127.0.0.1 /m1 || fail mount
count "9p, read" "p9_tag_lookup p9_req_put" measure reads /m1/big 4096 1024 1000
slab p9_req_t
umount /m1; kill "$server"

count "IPv6 flow labels, send" __fl6_sock_lookup measure sends 10000
count "IPv6 flow labels, new label" ipv6_flowlabel_opt measure labels 1000
slab ip6_flowlabel

zoned
i=0
while [ $i -lt 400 ]; do
	dd if=/dev/zero of="$D" bs=4k count=1 seek=$((i * ZB)) conv=notrunc 2>/dev/null
	i=$((i + 1))
done
sync
count "dm-zoned, read in 16 zones" dmz_get_mblock measure reads "$D" $((ZB * 4096)) 16 2000
count "dm-zoned, read in 400 zones" dmz_get_mblock measure reads "$D" $((ZB * 4096)) 400 2000
slab dmz_mblock
