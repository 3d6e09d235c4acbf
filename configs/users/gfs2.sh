# shellcheck shell=dash
# Quotas: accounting, limits, reclaim, remounts, and recovery of unsynced changes
truncate -s 300M /tmp/img
mkfs.gfs2 -q -O -p lock_nolock -j 1 -J 16 /tmp/img || fail mkfs
losetup /dev/loop0 /tmp/img
m() { mount -t gfs2 -o "$1" /dev/loop0 /mnt || fail mount; }
m quota=on
began=$(now); quota make /mnt 1000 600 a; echo "M: 600 users: $(($(now) - began))0 ms"
slab gfs2_quotad
quota get /mnt 1000 5
quota sync /mnt
quota get /mnt 1000 5
drop; slab gfs2_quotad
quota limit /mnt 1000 200
quota write /mnt 1000
quota write /mnt 1001
quota stress /mnt "${SECS:-8}"; slab gfs2_quotad
umount /mnt; slab gfs2_quotad
echo "account, read-only, read-write:"
m quota=account
quota get /mnt 1007 1
mount -o remount,ro /mnt; quota get /mnt 1007 2
mount -o remount,rw /mnt; quota make /mnt 3000 20 b
umount /mnt
echo "two mounts, one after the other, and unsynced changes:"
m quota=on
quota make /mnt 1000 100 c
dd if=/dev/zero of=/mnt/z bs=4k count=1 conv=fsync 2>/dev/null
# The base can lose unsynced changes when it mounts, so it has none here.
grep -q ' gfs2_qd_release$' /proc/kallsyms || sync -f /mnt/z
cp /tmp/img /tmp/img2
umount /mnt; losetup -d /dev/loop0
losetup /dev/loop0 /tmp/img2
m quota=on
quota sync /mnt
quota get /mnt 1000 5
umount /mnt
fsck.gfs2 -n /tmp/img2 >/tmp/out 2>&1; echo "fsck.gfs2: $?"
echo "withdraw with a change:"
m quota=on
quota make /mnt 1000 10 d
echo 1 > /sys/fs/gfs2/loop0/withdraw
# The base waits for 60 seconds, and then for 600 for the locks of what it leaks.
umount /mnt &
i=0
while [ $i -lt 30 ] && kill -0 $! 2>/dev/null; do sleep 1; i=$((i + 1)); done
echo "umount took 30 seconds or more: $((i >= 30))"
