#!/bin/bash
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Writes anew what vfio-migrate makes of samples/legacy: the files of
# test/rewriter/golden, and says which changed. Reading them is yours:
#   scripts/update-goldens.sh && git diff test/rewriter/golden
# VFIO_PRESET=debug takes vfio-migrate from that build.
. "$(dirname "$0")/common.sh"

build_all linux-headers-amd64 linux-headers-6.12-amd64
for pair in 6.1:6.1 6.2:6.12; do
  kernel=$(headers "${pair#*:}")
  [ -n "$kernel" ] || die "no headers of a ${pair#*:} kernel in /usr/src"
  /usr/bin/python3 test/rewriter/Inputs/goldens.py --update --source="$root" \
    --migrate="$build/bin/vfio-migrate" --kernel="$kernel" --target="${pair%:*}" ||
    die "vfio-migrate failed on the samples"
done
