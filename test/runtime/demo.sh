#!/bin/bash
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# One driver from the old model to a running kernel: its source, the patch that
# vfio-migrate makes, and the console of the first boot with the result.
#   test/runtime/demo.sh BUILD [SAMPLE]
# scripts/demo.sh --boot calls it.
. "$(dirname "$0")/../../scripts/common.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)

build=${1:?usage: test/runtime/demo.sh BUILD [SAMPLE]}
build=$(cd "$build" && pwd) || exit 1
sample=${2:-ledger}
need gcc make qemu-system-x86 busybox-static

kernel=$(headers 6.1)
[ -n "$kernel" ] || die "no headers of a 6.1 kernel in /usr/src"
know "linux-image-${kernel#*linux-headers-}"
source=$root/samples/legacy/$sample
[ -d "$source" ] || die "no sample of that name: $source"

say "$sample, as it was written for the old model: from its probe on"
sed -n "/^static int ${sample}_probe/,/^static struct mdev_driver/p" \
  "$source/$sample.c" | sed '$d'

say "what vfio-migrate makes of it"
"$build/bin/vfio-migrate" --kernel="$kernel" --target=6.1 "$source" ||
  die "vfio-migrate ended with $?"

say "built by the kernel's own make, and booted"
"$root/test/runtime/run.py" --headers "$kernel" --build "$build" \
  --samples "$root/samples" --work "$build/runtime/demo" \
  --group migrated --only "$sample" --steps warm,use,open,faults,objects,index \
  --console
