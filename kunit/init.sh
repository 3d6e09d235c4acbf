#!/bin/busybox sh
# shellcheck shell=dash
# The init process of a guest of scripts/kunit. Built-in tests have run before it starts; it
# loads those that are modules, and lets kmemleak scan.
/bin/busybox --install -s /bin
mount -t devtmpfs devtmpfs /dev
exec >/dev/console 2>&1
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t debugfs debugfs /sys/kernel/debug
for module in /*.ko; do
	case $module in
	"/*.ko") ;;
	*torture*) insmod "$module" "$(grep -o 'seconds=[0-9]*' /proc/cmdline || echo seconds=5)" ;;
	*) insmod "$module" ;;
	esac
done
leaks=/sys/kernel/debug/kmemleak
if [ -e $leaks ]; then
	# A leak is reported when it is older than five seconds and was found by two scans.
	for _ in 1 2; do
		sleep 6
		echo scan >$leaks || exit
	done
	cat $leaks
fi
echo "userspace: done"
reboot -f
