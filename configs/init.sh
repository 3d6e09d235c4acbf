#!/bin/busybox sh
# shellcheck shell=dash
# The init process of the guest of scripts/boot: the demonstration, if the kernel's command line
# has demonstrate=1, otherwise a shell. It prints what it finds; scripts/boot judges that.
/bin/busybox --install -s /bin
export PATH=/bin:/sbin:/usr/bin HOME=/ TERM=${TERM:-linux}
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t debugfs debugfs /sys/kernel/debug
mount -t tracefs tracefs /sys/kernel/tracing
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /tmp

heading() { printf '\n== %s\n' "$*"; }
show() { echo "# $*"; "$@"; }
mark() { echo "demonstration: $*"; }
slab=/sys/kernel/slab/objcache_sample
stats=/sys/kernel/debug/objcache/objcache_sample
params=/sys/module/objcache_sample/parameters
tracing=/sys/kernel/tracing
cg=/tmp/cgroup

demonstrate() {
	mark begin
	show uname -srm

	heading "The sample module runs its own test when it is loaded"
	echo 1 >$tracing/events/objcache/enable
	show insmod /objcache-sample.ko && grep -q '^objcache_sample ' /proc/modules && mark sample loaded
	dmesg >/tmp/log
	grep objcache_sample: /tmp/log

	heading "Its slab cache in /proc/slabinfo, slabtop and /sys/kernel/slab"
	grep -E '^# name|^objcache_sample ' /proc/slabinfo
	if [ -e /bin/slabtop ] || [ -e /usr/bin/slabtop ]; then
		slabtop -o >/tmp/top && mark slabtop works
		head -n 7 /tmp/top
		grep objcache_sample /tmp/top
	fi
	for file in object_size slab_size objs_per_slab order align ctor; do
		echo "$slab/$file: $(cat $slab/$file)"
	done

	heading "Unloading the module destroys the cache"
	show rmmod objcache_sample && ! grep -q '^objcache_sample ' /proc/modules && mark sample unloaded
	dmesg | tail -n +$(($(wc -l </tmp/log) + 1))
	[ ! -e $slab ] && ! grep '^objcache_sample ' /proc/slabinfo && mark slab cache gone

	heading "Tracepoints: the first events, and how many of each kind"
	echo 0 >$tracing/events/objcache/enable
	grep -m 6 objcache_ $tracing/trace
	cut -d: -f2 $tracing/trace | grep -o 'objcache_[a-z]*$' | sort | uniq -c
	echo >$tracing/trace
	press
	limit
	mark "done"
}

# figures WHEN: one line with everything that memory pressure changes
figures() {
	echo "pressure: $1 $(tr ' \n' '= ' <$stats)" \
		"SReclaimable=$(awk '/^SReclaimable/ { print $2 }' /proc/meminfo)" \
		"slab_objects=$(awk '$1 == "objcache_sample" { print $3 }' /proc/slabinfo)" \
		"ooms=$(awk '$1 == "oom_kill" { print $2 }' /proc/vmstat)"
}

press() {
	local eat
	heading "Memory pressure: a process allocates more than what is free"
	dmesg -c >/dev/null
	# The guest has neither swap nor file pages to reclaim. A process is killed there when free
	# memory does not reach the watermark, no matter how much slab could give; fragmentation
	# boosts the watermark to three times the configured value.
	echo 0 >/proc/sys/vm/watermark_boost_factor
	echo 1 >$tracing/events/objcache/objcache_reclaim/enable
	insmod /objcache-sample.ko objects=800000 held=1000 || return
	figures loaded
	ls -d /sys/kernel/debug/shrinker/objcache-objcache_sample-*
	# what is free, and half of what the idle objects use
	eat=$(awk '/^MemFree/ { free = $2 } /^SReclaimable/ { slab = $2 }
		END { print int((free + slab / 2) / 1024) }' /proc/meminfo)
	show sh -c "head -c ${eat}m /dev/zero | tail | wc -c"
	# kswapd may still run, and the figures are not read atomically
	sleep 1
	figures eaten
	grep -m 3 'objcache_reclaim.* freed=[1-9]' $tracing/trace
	echo 0 >$tracing/events/objcache/objcache_reclaim/enable

	heading "Insert the reclaimed objects again, drop_caches, objcache_reap()"
	echo 1 >$params/refill
	figures refilled
	echo 2 >/proc/sys/vm/drop_caches
	figures dropped
	echo 1 >$params/refill
	echo 0 >$params/reap
	figures reaped
	rmmod objcache_sample && mark memory pressure withstood
	dmesg -c >/dev/null
}

# insert CGROUP NUMBER: a task of the cgroup creates those of the objects that do not exist
insert() {
	echo "$2" >$params/objects
	sh -c "echo \$\$ >$1/cgroup.procs && echo 1 >$params/refill" || mark "insertion failed"
	dmesg | grep 'objects existed' | tail -n 1
}

# cgroup_figures WHEN: one line with what the cgroups use, in KiB, and what happened to them
cgroup_figures() {
	echo "cgroups: $1$(cgroup_values)"
}
cgroup_values() {
	local cgroup
	for cgroup in a b; do
		[ -d $cg/$cgroup ] || continue
		awk -v name=$cgroup 'FILENAME ~ /stat$/ && $1 == "slab_reclaimable" { printf " %s_slab=%d", name, $2 / 1024 }
			FILENAME ~ /events$/ && $1 ~ /^(max|oom|oom_kill)$/ { printf " %s_%s=%d", name, $1, $2 }
			FILENAME ~ /current$/ { printf " %s_current=%d", name, $1 / 1024 }' \
			$cg/$cgroup/memory.stat $cg/$cgroup/memory.events $cg/$cgroup/memory.current
	done
	awk '$1 == "nr_dying_descendants" { print " dying=" $2 }' $cg/cgroup.stat
}

limit() {
	heading "Memory cgroups: a has memory.max 32M and inserts a million objects; b has 20,000 in the same table"
	mkdir $cg && mount -t cgroup2 cgroup2 $cg && echo +memory >$cg/cgroup.subtree_control || return
	mkdir $cg/a $cg/b
	echo 32M >$cg/a/memory.max
	# insert() prints the messages, so that none is in the middle of a line
	echo 4 >/proc/sys/kernel/printk
	insmod /objcache-sample.ko objects=2 || return
	insert $cg/b 20000
	insert $cg/a 1000000
	cgroup_figures filled
	# EAGAIN, whatever was freed: the kernel counts no slab pages as reclaimed for a cgroup
	echo 4M 2>/dev/null >$cg/a/memory.reclaim
	cgroup_figures reclaimed
	insert $cg/b 20000
	rmdir $cg/a $cg/b
	# those of removed cgroups are still objects of the table
	insert $cg 20000
	echo 0 >$params/reap
	sleep 3
	cgroup_figures removed
	echo 7 >/proc/sys/kernel/printk
	rmmod objcache_sample && mark memory cgroups limited
}

# shellcheck disable=SC2154 # from the kernel's command line
if [ "$demonstrate" = 1 ]; then
	demonstrate 2>&1
else
	# without -f poweroff signals an init process that does not exist here
	echo "alias poweroff='poweroff -f' reboot='reboot -f'" >/tmp/aliases
	export ENV=/tmp/aliases
	echo "Load the sample with: insmod /objcache-sample.ko"
	setsid cttyhack sh
fi
sync
poweroff -f
