#!/bin/bash
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The tests of the checks and of the engine in a build with the address and the
# undefined-behaviour sanitizer; test/sanitizers calls this.
#   scripts/try-sanitizers.sh [folder or file below test/]...   default: unit checks
# The plugin is left out: it holds the same objects, and a stock clang-tidy has no
# sanitizer that these could report to.
VFIO_PRESET=asan
. "$(dirname "$0")/common.sh"

# No more than these two need; other suites run the other programs, too.
programs="vfio-tidy vfio-migrate output-driver engine-tests"
[ $# -gt 0 ] || { programs="vfio-tidy engine-tests"; set -- unit checks; }
mkdir -p "$root/build/sanitizers"
need cmake ninja-build clang-$major libclang-rt-$major-dev llvm-$major-dev llvm-$major-tools libclang-$major-dev \
  clang-tidy-$major libgtest-dev python3
say "building ($preset)"
cd "$root" || exit 1
[ -e "$build/build.ninja" ] || cmake --preset "$preset" >"$root/build/cmake.log" 2>&1 ||
  { cat "$root/build/cmake.log" >&2; die "cmake failed"; }
# shellcheck disable=SC2086 # a list
ninja -C "$build" --quiet $programs || die "the build failed"

say "testing"
# LLVM's own libraries are built without: what they poison and annotate does not fit.
# A process of the pool has no standard error: what a sanitizer says goes to a file.
export ASAN_OPTIONS=allow_user_poisoning=0:detect_container_overflow=0:detect_leaks=0:log_path=$root/build/sanitizers/asan
export UBSAN_OPTIONS=print_stacktrace=1:log_path=$root/build/sanitizers/ubsan
export VFIO_KERNELS="$kernels"
rm -f "$root"/build/sanitizers/*san.*
lit=$(find "/usr/lib/llvm-$major/bin/lit" "/usr/lib/llvm-$major/build/utils/lit/lit.py" 2>/dev/null | head -n 1)
[ -n "$lit" ] || die "no lit in the package llvm-$major-tools"
/usr/bin/python3 "$lit" -v --order=lexical --timeout=2400 --param doors=vfio-tidy "${@/#/$build/test/}"
status=$?
for log in "$root"/build/sanitizers/*san.*; do
  [ -e "$log" ] || continue
  status=1
  sed 's/^/  /' "$log" | head -n 30
  echo "a sanitizer's report: $log"
done
[ $status = 0 ] && echo "no sanitizer has anything to say"
exit $status
