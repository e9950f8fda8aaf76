#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# case.sh LABEL KIND MODULES MARK STEP...: one case. LABEL names it in the log,
# KIND says how devices come and go (mdev, pci, aux+mdev), MODULES is a list of
# modules to load, with commas between them; the last one is the driver. MARK is
# the driver's function whose first call is logged, or "-". Each STEP is a
# function below; the log says "step LABEL STEP" before it, and after it "ok
# LABEL STEP" or "FAIL LABEL STEP: why".

. /lib.sh

label=$1
kind=$2
modules=$(echo "$3" | tr , ' ')
driver=$(basename ${modules##* })
mark=$4
shift 4

cycles=100
binds=20
seconds=60	# for anything that should be over at once
serial=0

# --- reports ----------------------------------------------------------------

fail()
{
	say "FAIL $label $step: $*"
	bad=1
}

# The kernel said something that no healthy kernel says: stop here.
spoilt()
{
	if [ -e /tmp/spoilt ]; then
		return 0
	fi
	if dmesg | grep -qE 'Oops|BUG: (unable|kernel NULL)|general protection fault|kernel BUG|stack segment|invalid opcode'; then
		> /tmp/spoilt
		return 0
	fi
	return 1
}

# --- devices that come and go -----------------------------------------------

mdev_types()
{
	ls -d /sys/devices/platform/$driver/mdev_supported_types/*
}

# make TYPE: a new mdev; its name is in $device.
mdev_make()
{
	serial=$((serial + 1))
	device=$(printf '%08x-0000-4000-8000-000000000000' $serial)
	attempt $seconds put $device $1/create || return $?
	[ -e /sys/bus/mdev/devices/$device/iommu_group ]
}

mdev_unmake()
{
	attempt $seconds put 1 /sys/bus/mdev/devices/$1/remove
}

pci_find()
{
	for path in /sys/bus/pci/devices/*; do
		if [ "$(cat $path/vendor) $(cat $path/device)" = "0x1234 0x11e8" ]; then
			basename $path
			return 0
		fi
	done
	return 1
}

pci_make()
{
	device=$(pci_find) || return 1
	put $driver /sys/bus/pci/devices/$device/driver_override
	attempt $seconds put $device /sys/bus/pci/drivers/$driver/bind || return $?
	[ -e /sys/bus/pci/drivers/$driver/$device ]
}

pci_unmake()
{
	attempt $seconds put $1 /sys/bus/pci/drivers/$driver/unbind
}

# The kind decides which of these is meant.
make()
{
	case $kind in
	pci) pci_make ;;
	*) mdev_make "${1:-$(mdev_types | head -n 1)}" ;;
	esac
}

unmake()
{
	case $kind in
	pci) pci_unmake $1 ;;
	*) mdev_unmake $1 ;;
	esac
}

group_of()
{
	basename $(readlink /sys/bus/*/devices/$1/iommu_group)
}

use()
{
	use_how=$1
	use_device=$2
	shift 2
	attempt $seconds vfiouse $use_how $(group_of $use_device) $use_device "$@"
}

# --- what is alive ----------------------------------------------------------

# The driver's own counters.
counters()
{
	for parameter in /sys/module/$driver/parameters/*; do
		if [ -r $parameter ]; then
			echo "$(basename $parameter)=$(cat $parameter)"
		fi
	done
}

# Objects that the driver's functions asked for, or the core for its structure,
# by the stacks that slub_debug=U keeps. What the core and the rest of the kernel
# keep in memory meanwhile is not its business. This is slow: done twice a case.
objects()
{
	cat /sys/kernel/debug/slab/kmalloc-*/alloc_traces | awk -v me="[$driver]" '
		/^ *[0-9]+ / { n = $1; open = 1; next }
		!open { next }
		/^ *(__)?(k|v|kv|devm_k|kmem_cache_)[a-z]*alloc/ { next }
		/^ *(kstrdup|kasprintf|kvasprintf|kmemdup|alloc_dr|devres_alloc)/ { next }
		/^ *(slab_|___slab|__slab|set_track|trace_)/ { next }
		/^ *_vfio_alloc_device/ { next }
		{
			open = 0
			if (index($0, me)) {
				sub(/\+.*/, "", $1)
				objects[$1] += n
			}
		}
		END { for (o in objects) print "objects of " o "=" objects[o] }' | sort
	awk -v me="[$driver]" '
		index($0, me) || /_vfio_alloc_device/ { total++ }
		END { print "areas=" total + 0 }' /proc/vmallocinfo
}

# same WHAT: is it as it was before the steps? Frees can be late (RCU, work
# queues): they get a moment.
same()
{
	for i in 1 2 3; do
		$1 > /tmp/now
		if cmp -s /tmp/$1 /tmp/now; then
			return 0
		fi
		usleep 300000
	done
	fail "not as before: $(diff /tmp/$1 /tmp/now |
		sed -n 's/^-\([^-].*\)/had \1,/p; s/^+\([^+].*\)/has \1;/p' | tr '\n' ' ')"
	cp /tmp/now /tmp/$1
}

# The number of the newest device. The core gives out the lowest that is free,
# so it grows when numbers are lost.
newest()
{
	ls /sys/class/vfio-dev | sed 's/vfio//' | sort -n | tail -n 1
}

# --- steps ------------------------------------------------------------------

# A first device, before anything is counted: what it leaves behind for good (a
# kernel's caches) is not the driver's.
step_warm()
{
	make || { fail "cannot make a device: $(cat /tmp/out)"; return; }
	index=$(newest)
	unmake $device || fail "cannot remove: $(cat /tmp/out)"
	objects > /tmp/objects
}

# What was taken since then has been given back.
step_objects()
{
	same objects
}

step_index()
{
	make || { fail "cannot make a device: $(cat /tmp/out)"; return; }
	if [ "$(newest)" != "$index" ]; then
		fail "lost numbers: the next device is vfio$(newest), was vfio$index"
	fi
	unmake $device || fail "cannot remove: $(cat /tmp/out)"
}

step_use()
{
	if [ $kind = pci ]; then
		make || { fail "cannot bind: $(cat /tmp/out)"; return; }
		use peek $device 7 || fail "$(cat /tmp/out)"
		[ "$(cat /tmp/out)" = 11e81234 ] || fail "config space reads $(cat /tmp/out)"
		use peek $device 0 || fail "$(cat /tmp/out)"
		unmake $device || fail "cannot unbind: $(cat /tmp/out)"
		return
	fi
	for type in $(mdev_types); do
		make $type || { fail "cannot make a device: $(cat /tmp/out)"; return; }
		use rw $device || fail "$(cat /tmp/out)"
		use rw $device || fail "a second time: $(cat /tmp/out)"
		unmake $device || fail "cannot remove: $(cat /tmp/out)"
	done
}

# The same by way of an iommufd, and of the device's own file.
step_iommufd()
{
	make || { fail "cannot make a device: $(cat /tmp/out)"; return; }
	node=devices/$(basename /sys/bus/*/devices/$device/vfio-dev/vfio*)
	if [ $kind = pci ]; then
		attempt $seconds vfiouse peek $node $device 7 || fail "$(cat /tmp/out)"
		[ "$(cat /tmp/out)" = 11e81234 ] || fail "config space reads $(cat /tmp/out)"
	else
		attempt $seconds vfiouse rw $node $device || fail "$(cat /tmp/out)"
		attempt $seconds vfiouse rw $node $device || fail "a second time: $(cat /tmp/out)"
	fi
	unmake $device || fail "cannot remove: $(cat /tmp/out)"
}

# Removed while open: remove waits for the user, and release comes after.
step_open()
{
	make || { fail "cannot make a device: $(cat /tmp/out)"; return; }
	rm -f /tmp/let-go
	vfiouse hold $(group_of $device) $device /tmp/let-go > /tmp/hold 2>&1 &
	holder=$!
	until grep -qs held /tmp/hold; do
		if [ ! -d /proc/$holder ]; then
			break
		fi
		usleep 20000
	done

	if [ $kind = pci ]; then
		put $device /sys/bus/pci/drivers/$driver/unbind &
	else
		put 1 /sys/bus/mdev/devices/$device/remove &
	fi
	remover=$!
	usleep 500000
	if join $remover 0; then
		fail "remove did not wait for the user"
	fi

	> /tmp/let-go
	join $holder $seconds || fail "the user: $(cat /tmp/hold)"
	join $remover $seconds || fail "remove did not end after the user's close"
	rm /tmp/hold
}

step_touch()
{
	make || { fail "cannot make a device: $(cat /tmp/out)"; return; }
	use touch $device || fail "$(cat /tmp/out)"
	unmake $device || fail "cannot remove: $(cat /tmp/out)"
}

# All in one process: what counts is the number, not each one's time.
cycle()
{
	i=0
	while [ $i -lt $1 ]; do
		i=$((i + 1))
		if [ $kind = pci ]; then
			put $device /sys/bus/pci/drivers/$driver/bind || return 1
			vfiouse touch $(group_of $device) $device || return 1
			put $device /sys/bus/pci/drivers/$driver/unbind || return 1
		else
			put $device $type/create || return 1
			put 1 /sys/bus/mdev/devices/$device/remove || return 1
		fi
	done
}

step_cycle()
{
	n=$cycles
	if [ $kind = pci ]; then
		n=$binds
	fi
	type=$(mdev_types 2>/dev/null | head -n 1)
	attempt 250 cycle $n || fail "not $n times: $(cat /tmp/out)"
	say "note $label made and removed $n devices"
}

step_once()
{
	make || { fail "cannot make a device: $(cat /tmp/out)"; return; }
	unmake $device || fail "cannot remove: $(cat /tmp/out)"
}

# Each call of the set-up that can fail is made to fail, one after another.
step_faults()
{
	fault=/sys/module/vfio_fault/parameters
	put $driver $fault/target
	n=0
	while [ $n -lt 60 ]; do
		n=$((n + 1))
		put - $fault/fired
		put $n $fault/countdown
		make
		status=$?
		put 0 $fault/countdown
		fired=$(cat $fault/fired)
		if [ "$fired" = - ]; then
			[ $status -eq 0 ] || fail "cannot make a device: $(cat /tmp/out)"
			unmake $device || fail "cannot remove: $(cat /tmp/out)"
			break
		fi
		say "note $label failed $fired"
		if [ $status -eq 0 ]; then
			fail "$fired failed, and yet the device was made"
			unmake $device || fail "cannot remove: $(cat /tmp/out)"
		fi
		if spoilt; then
			return
		fi
		same counters
	done
	put - $fault/target
	[ $n -gt 1 ] || fail "nothing could be made to fail"
}

# An open that fails, by the driver's own way to fail.
step_refused()
{
	make || { fail "cannot make a device: $(cat /tmp/out)"; return; }
	put 1 /sys/module/$driver/parameters/broken
	for i in 1 2 3; do
		use touch $device && fail "broken=1, and yet it was opened"
	done
	put 0 /sys/module/$driver/parameters/broken
	unmake $device || fail "cannot remove: $(cat /tmp/out)"
}

# A read before any write, whatever it says.
step_peek()
{
	make || { fail "cannot make a device: $(cat /tmp/out)"; return; }
	use peek $device
	unmake $device || fail "cannot remove: $(cat /tmp/out)"
}

# What still runs gets its time.
step_settle()
{
	sleep 3
}

# Memory that the driver's functions asked for and that nothing points at. The
# checker passes over what is younger than five seconds.
step_kmemleak()
{
	sleep 6
	put scan /sys/kernel/debug/kmemleak
	put scan /sys/kernel/debug/kmemleak
	leaks=$(awk -v me="[$driver]" '
		/^unreferenced object/ { object = $0; next }
		object != "" && index($0, me) {
			print $(NF - 1)
			object = ""
		}' /sys/kernel/debug/kmemleak | sed 's/+.*//' | sort | uniq -c | tr -s '\n ' ' ')
	[ -z "$leaks" ] || fail "kmemleak: objects of:$leaks"
	# Its addresses are another module's soon.
	put clear /sys/kernel/debug/kmemleak
}

# For drivers that bring their own way to fail.
step_broken()
{
	put 1 /sys/module/$driver/parameters/broken
	if make; then
		fail "broken=1, and yet the device was made"
		unmake $device || fail "cannot remove: $(cat /tmp/out)"
	fi
	put 0 /sys/module/$driver/parameters/broken
}

# For drivers that are known to make someone wait for ever.
step_brief()
{
	seconds=10
}

# For the test of the host's limits.
step_hang()
{
	sleep 100000
}

# A device that the module brings along, on the auxiliary bus.
step_aux()
{
	tower=$(ls /sys/bus/auxiliary/devices | grep "^$driver\." | head -n 1)
	[ -n "$tower" ] || { fail "no device on the auxiliary bus"; return; }
	bus=$(ls -d /sys/bus/auxiliary/drivers/$driver.*)
	use rw $tower || fail "$(cat /tmp/out)"
	for i in 1 2 3 4 5; do
		attempt $seconds put $tower $bus/unbind || fail "cannot unbind: $(cat /tmp/out)"
		attempt $seconds put $tower $bus/bind || fail "cannot bind: $(cat /tmp/out)"
	done
	use rw $tower || fail "after binding anew: $(cat /tmp/out)"
}

# --- the case ---------------------------------------------------------------

step=load
bad=
for module in $modules; do
	if ! attempt $seconds insmod /modules/$module.ko; then
		fail "$(cat /tmp/out)"
		exit
	fi
done
counters > /tmp/counters
if [ "$mark" != - ]; then
	put $driver:$mark /sys/module/vfio_fault/parameters/marked ||
		fail "no function $mark to watch"
fi

for step in "$@"; do
	bad=
	say "step $label $step"
	step_$step
	if spoilt; then
		say "note $label the kernel is spoilt after $step"
		exit
	fi
	same counters
	[ -n "$bad" ] || say "ok $label $step"
done

# Has anything been written to after it was freed?
for cache in /sys/kernel/slab/kmalloc-*/validate; do
	put 1 $cache
done

step=unload
bad=
for module in $(echo $modules | tr ' ' '\n' | tac); do
	attempt $seconds rmmod $(basename $module) || fail "$module: $(cat /tmp/out)"
done
if ! spoilt && [ -z "$bad" ]; then
	say "ok $label unload"
fi
