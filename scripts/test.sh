#!/bin/bash
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs what is missing, builds, and runs all tests. The last line is
# "N passed, N failed"; a test that could not run counts as failed.
#   scripts/test.sh [folder or file below test/]...
#   scripts/test.sh --quick [folder or file below test/]...
# --quick installs what the build and most tests take, no more, and says which
# tests it could not run for want of the rest; without a name it runs those that
# take seconds.
# VFIO_PRESET=debug, asan, llvm19, llvm21 or llvm23 for another build.
. "$(dirname "$0")/common.sh"

quick=
[ "${1:-}" = --quick ] && { quick=--quick; shift; }
names=()
for name; do
  case $name in
  -*) die "there is no option $name; see the head of scripts/test.sh" ;;
  esac
  name=${name#"$root"/}
  name=${name#./}
  name=${name#test/}
  [ -e "$root/test/$name" ] || die "there is no test/$name"
  names+=("$name")
done

mkdir -p "$root/build"
if [ -n "$quick" ]; then
  build_all git patch python3-psutil gcc make linux-headers-amd64 libgtest-dev
  [ ${#names[@]} -gt 0 ] || names=(checks unit rewriter reports kbuild docs)
else
  build_all git patch perl xz-utils python3-psutil python3-pyte python3-jsonschema chromium gcc make cpio coccinelle neovim vim vim-ale flex bison bc libelf-dev dpkg-dev lintian file \
    qemu-system-x86 busybox-static clang-tidy-19 clang-tidy-22 lld-$major libclang-rt-$major-dev libgtest-dev \
    linux-headers-amd64 linux-headers-6.12-amd64 linux-source-6.1 linux-source-6.12
  # The runtime tests download the images of these kernels.
  for series in 6.1 6.12; do
    kernel=$(headers "$series")
    [ -n "$kernel" ] || die "no headers of a $series kernel in /usr/src"
    know "linux-image-${kernel#*linux-headers-}"
  done
  unpack_source 6.1
  unpack_source 6.12
fi

say "testing"
lit=$(find_lit)
[ -n "$lit" ] || die "no lit in the package llvm-$major-tools"
suites=("${names[@]/#/$build/test/}")
[ ${#names[@]} -gt 0 ] || suites=("$build/test")
export VFIO_KERNELS="$kernels"
results=$build/test/results$quick.json
rm -rf "$results"
[ -n "$quick" ] || rm -rf "$build/runtime/times"
/usr/bin/python3 "$lit" -v --order=lexical --timeout="${VFIO_TEST_TIMEOUT:-2400}" \
  -o "$results" "${suites[@]}"
[ -n "$quick" ] || /usr/bin/python3 "$root/test/runtime/times.py" "$build"
exec /usr/bin/python3 "$root/scripts/count-results.py" $quick "$results"
