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
kernel=$(headers 6.1)
[ -n "$kernel" ] || die "no headers of a 6.1 kernel in /usr/src"

say "vfio-tidy: drivers with one bug each, against $kernel"
"$build/bin/vfio-tidy" --kernel="$kernel" samples/buggy/6.1
status=$?
[ $status = 2 ] || die "vfio-tidy should have found something (2), not ended with $status"

say "vfio-migrate: drivers of the old model, as patches to 6.1"
"$build/bin/vfio-migrate" --kernel="$kernel" --target=6.1 samples/legacy
status=$?
[ $status = 0 ] || [ $status = 2 ] || die "vfio-migrate ended with $status"

if [ -n "$boot" ]; then
  say "a migrated driver in a running kernel"
  exec "$root/test/runtime/demo.sh" "$build"
fi
