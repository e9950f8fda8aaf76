#!/bin/bash
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Drivers changed at random, for as long as you like: nothing may crash or hang.
#   scripts/fuzz.sh MINUTES [SEED]
# VFIO_PRESET=asan for the build with sanitizers. What fails is in build/fuzz/failed.
. "$(dirname "$0")/common.sh"

minutes=${1:?usage: scripts/fuzz.sh MINUTES [SEED]}
seed=${2:-$RANDOM}
build_all linux-headers-amd64
mkdir -p "$root/build/fuzz"
# A process of the pool has no standard error: what a sanitizer says goes to a file.
export ASAN_OPTIONS=allow_user_poisoning=0:detect_leaks=0:log_path=$root/build/fuzz/asan
export UBSAN_OPTIONS=print_stacktrace=1:log_path=$root/build/fuzz/ubsan
rm -f "$root"/build/fuzz/asan.* "$root"/build/fuzz/ubsan.*
/usr/bin/python3 "$root/test/robustness/Inputs/fuzz.py" --bin "$build/bin" --kernel "$(headers 6.1)" \
  --root "$root" --work "$root/build/fuzz" --seed "$seed" --minutes "$minutes"
status=$?
for log in "$root"/build/fuzz/asan.* "$root"/build/fuzz/ubsan.*; do
  [ -e "$log" ] && { echo "a sanitizer's report: $log"; status=1; }
done
exit $status
