# shellcheck shell=dash
# Filestreams: each directory keeps its AG, until it was not used for a second
AGS=4 AGBYTES=$((96 << 20))
truncate -s $((AGS * AGBYTES)) /tmp/img
mkfs.xfs -q -f -d agcount=$AGS /tmp/img || fail mkfs
losetup /dev/loop0 /tmp/img
AGBYTES=$(($(xfs_db -r -c 'sb 0' -c 'p agblocks' /tmp/img | sed 's/.*= //') * 4096))
m() { mount -t xfs -o filestreams /dev/loop0 /mnt || fail mount; }
# w FILE KB: write and print its AGs
w() { dd if=/dev/zero of="/mnt/$1" bs=1k count="$2" conv=fsync 2>/dev/null; agof "$AGBYTES" "/mnt/$1"; }
m
mkdir /mnt/s0 /mnt/s1 /mnt/s2 /mnt/s3
echo "streams, written in turn:"
for f in 0 1 2 3 4; do for d in 0 1 2 3; do w s$d/f$f 256; done; done
echo "after drop_caches:"
drop
for d in 0 1 2 3; do w s$d/g 64; done
slab xfs_fstrm_item
echo "rmdir:"
mkdir /mnt/r; w r/f 64; rm -r /mnt/r
umount /mnt
echo "lifetime of a second, s0 is not used:"
echo 100 > /proc/sys/fs/xfs/filestream_centisecs
m
for d in 0 1 2 3; do w s$d/h 64; done
for i in 1 2 3 4 5 6 7 8; do sleep 0.3; for d in 1 2 3; do w s$d/i$i 4 >/dev/null; done; done
mkdir /mnt/n; echo "a new stream: $(w n/f 64)the first: $(agof $AGBYTES /mnt/s0/h)"
sleep 2
slab xfs_fstrm_item
umount /mnt
echo 3000 > /proc/sys/fs/xfs/filestream_centisecs
echo "full AG:"
m
dd if=/dev/zero of=/mnt/s1/big bs=1M count=80 2>/dev/null; sync
w s1/j 1024
w s1/k 8192 | wc -w
echo "many directories at once:"
for p in 1 2 3 4; do ( mkdir /mnt/p$p; for i in $(seq 60); do mkdir "/mnt/p$p/$i"; echo x > "/mnt/p$p/$i/f"; done; sync ) & done; wait
slab xfs_fstrm_item
find /mnt -type f | wc -l
umount /mnt
for i in 1 2 3 4 5; do m; umount /mnt; done
xfs_repair -n /dev/loop0 >/dev/null 2>&1; echo "xfs_repair: $?"
slab xfs_fstrm_item
losetup -d /dev/loop0; rm /tmp/img
