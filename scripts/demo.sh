#!/bin/bash
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs what is missing, builds, and shows both programs at work on the
# samples: vfio-tidy on drivers with a bug each, vfio-migrate on old drivers.
#   scripts/demo.sh [--boot]
# --boot also boots a migrated driver in QEMU.
. "$(dirname "$0")/common.sh"

boot=
case ${1:-} in
"") ;;
--boot) boot=yes ;;
*) die "usage: scripts/demo.sh [--boot]" ;;
esac
[ $# -le 1 ] || die "usage: scripts/demo.sh [--boot]"

build_all linux-headers-amd64
# Debian 12 has 6.1; what is newer has the life cycle of 6.2.
model=6.1
kernel=$(headers 6.1)
[ -n "$kernel" ] || { model=6.2; kernel=$(headers); }
[ -n "$kernel" ] || die "no headers of a kernel in /usr/src"

say "vfio-tidy: drivers with one bug each, against $kernel"
"$build/bin/vfio-tidy" --kernel="$kernel" samples/buggy/$model
status=$?
[ $status = 2 ] || die "vfio-tidy should have found something (2), not ended with $status"

say "vfio-migrate: drivers of the old model, as patches to $model"
"$build/bin/vfio-migrate" --kernel="$kernel" --target=$model samples/legacy
status=$?
[ $status = 0 ] || [ $status = 2 ] || die "vfio-migrate ended with $status"

if [ -n "$boot" ]; then
  say "a migrated driver in a running kernel"
  exec "$root/test/runtime/demo.sh" "$build"
fi
