#!/bin/bash
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What our programs cost, as ratios within one run on this machine:
#   checks    each driver of the 6.1 source, against clang -fsyntax-only of it
#   tree      the whole 6.1 source tree, against clang -fsyntax-only of its drivers
#   migrate   a tree of 32,000 files with old drivers in it, and the 6.1 source
#             tree, against spatch
#   growth    one function at 1, 4 and 16 times its size, and clang's memory
#   scripts/bench.sh [checks|tree|migrate|growth]... [--rounds=N]
. "$(dirname "$0")/common.sh"

build_all coccinelle git clang-tidy-22 linux-headers-amd64 linux-source-6.1 xz-utils
unpack_source 6.1
exec /usr/bin/python3 "$root/scripts/bench.py" --build "$build" --major "$major" \
  --kernel "$(headers 6.1)" --source "$kernels/linux-source-6.1" \
  --samples "$root/samples/legacy" --work "$root/build/bench" "$@"
