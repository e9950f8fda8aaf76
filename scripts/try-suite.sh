#!/bin/bash
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A fresh clone on another Debian: scripts/demo.sh and scripts/test.sh --quick of
# what is committed here, in a folder made by debootstrap. As root.
#   scripts/try-suite.sh SUITE [FOLDER]     FOLDER: kept, and used again
# VFIO_PRESET=llvm19, llvm21 or llvm23 for a build with another LLVM there.
. "$(dirname "$0")/common.sh"

[ $# = 1 ] || [ $# = 2 ] || die "usage: scripts/try-suite.sh SUITE [FOLDER]"
suite=$1
folder=${2:-$(mktemp -d)}
mirror=$(debian_mirror)
[ -n "$mirror" ] || die "no Debian archive among the sources of apt"
need debootstrap git

say "a bare $suite in $folder"
[ -e "$folder/etc/debian_version" ] ||
  debootstrap --variant=minbase "$suite" "$folder" "$mirror" >"$root/build/debootstrap.log" ||
  die "debootstrap failed, see build/debootstrap.log"
for name in proc dev; do
  mountpoint -q "$folder/$name" || mount --bind "/$name" "$folder/$name" || die "cannot mount $folder/$name"
done
trap 'umount "$folder/proc" "$folder/dev"' EXIT
if [ -d "$folder/src/.git" ]; then
  git -C "$folder/src" pull -q || die "cannot update $folder/src"
else
  git clone -q "$root" "$folder/src" || die "cannot clone into $folder/src"
fi

inside() { chroot "$folder" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root VFIO_PRESET="$preset" "$@"; }
inside /src/scripts/demo.sh >"$folder/demo.log" 2>&1 || { tail "$folder/demo.log"; die "demo.sh failed"; }
tail -n 1 "$folder/demo.log"
inside /src/scripts/test.sh --quick >"$folder/test.log" 2>&1
status=$?
grep -E '^(not run|FAIL|TIMEOUT|UNRESOLVED)' "$folder/test.log"
tail -n 1 "$folder/test.log"
exit $status
