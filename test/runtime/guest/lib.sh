# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What init and case.sh share.

# say WORDS...: a line in the kernel's log that the host looks for.
say()
{
	echo "VT: $*" > /dev/kmsg
}

# join PID SECONDS: wait for a child, but not for ever. A process that sleeps
# in the kernel for good cannot be killed; it is left behind.
join()
{
	join_left=$(($2 * 20))
	while [ -d /proc/$1 ] && [ "$(cut -d' ' -f3 /proc/$1/stat 2>/dev/null)" != Z ]; do
		if [ $join_left -eq 0 ]; then
			return 124
		fi
		join_left=$((join_left - 1))
		usleep 50000
	done
	wait $1
}

# attempt SECONDS COMMAND...: run it in a process of its own. What it prints
# goes to /tmp/out. What does not end leaves a kernel that is of no more use.
attempt()
{
	attempt_limit=$1
	shift
	"$@" > /tmp/out 2>&1 &
	join $! $attempt_limit
	attempt_status=$?
	if [ $attempt_status -eq 124 ]; then
		echo "it does not end" > /tmp/out
		> /tmp/spoilt
	fi
	return $attempt_status
}

# put TEXT FILE: one write(2), whose error is the status.
put()
{
	echo -n "$1" > "$2"
}
