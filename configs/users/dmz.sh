# shellcheck shell=dash disable=SC2154
# dm-zoned on a zoned null_blk with XFS on top
sums() { (cd /mnt && md5sum f*); }
data() { yes "$1" | dd bs=64k count="$2" iflag=fullblock 2>/dev/null; }
zoned
echo "zones $Z blocks $ZB length $LEN"
# More bitmap blocks than the cache keeps
C=$((LEN / ZB / 8)); i=0
while [ $i -lt $C ]; do
	data $i 1 | dd of="$D" bs=4k count=1 seek=$((i * ZB)) conv=notrunc,fsync iflag=fullblock 2>/dev/null
	i=$((i + 1))
done
sync; sleep 1; slab dmz_mblock
i=0; while [ $i -lt $C ]; do dd if="$D" bs=4k count=1 skip=$((i * ZB)) 2>/dev/null; i=$((i + 1)); done | md5sum
slab dmz_mblock
mkfs.xfs -q -f "$D" || fail mkfs
mount -t xfs "$D" /mnt || fail mount
for i in $(seq 100 219); do data "$i" $((i % 8 + 1)) > "/mnt/f$i"; done
sync; slab dmz_mblock
for k in 1 2; do
	for i in $(seq 0 119); do
		f=f$((i * 7 % 120 + 100))
		data "$k$i" 1 | dd of="/mnt/$f" bs=4k count=1 seek=$((i % 16)) conv=notrunc iflag=fullblock 2>/dev/null
	done
	sync
done
slab dmz_mblock
sums > /tmp/sums; md5sum < /tmp/sums
drop; echo 1 > /proc/sys/vm/drop_caches; slab dmz_mblock
sums | cmp - /tmp/sums && echo "the same after drop_caches"
umount /mnt; shut; slab dmz_mblock
open; mount -t xfs "$D" /mnt || fail mount
sums | cmp - /tmp/sums && echo "the same after it was opened again"
rm /mnt/f1[0-5]*; sync; sleep 11; slab dmz_mblock
sums | md5sum
umount /mnt
xfs_repair -n "$D" >/dev/null 2>&1; echo "xfs_repair: $?"
shut; slab dmz_mblock
