#!/bin/bash
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Builds a kernel with IOMMUFD, KASAN, kmemleak, lockdep and debugobjects, and runs
# samples in it: test/runtime/checked.test. Too slow for scripts/test.sh. The page
# docs/evidence.md is compared; VFIO_UPDATE_EVIDENCE=1 writes it anew.
#   scripts/test-checked.sh
. "$(dirname "$0")/common.sh"

[ $# = 0 ] || die "usage: scripts/test-checked.sh"
build_all git patch python3-psutil gcc make flex bison bc libelf-dev \
  qemu-system-x86 busybox-static linux-headers-amd64 linux-source-6.12
unpack_source 6.12

say "testing"
lit=$(find_lit)
[ -n "$lit" ] || die "no lit in the package llvm-$major-tools"
export VFIO_KERNELS="$kernels" VFIO_CHECKED=1
exec /usr/bin/python3 "$lit" -v --timeout=14400 "$build/test/runtime/checked.test"
