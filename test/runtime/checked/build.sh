#!/bin/bash
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Builds the kernel of kernel.config, unless it is built already.
#   test/runtime/checked/build.sh SOURCE FOLDER
# SOURCE is an unpacked kernel source; FOLDER gets what "make O=" writes, and is
# what modules are built against.
here=$(cd "$(dirname "$0")" && pwd)
die() { echo "build.sh: $*" >&2; exit 1; }

[ $# = 2 ] || die "usage: build.sh SOURCE FOLDER"
source=$1
folder=$2
[ -e "$source/Kconfig" ] || die "$source is no kernel source"
mkdir -p "$folder" || die "cannot make $folder"
exec 9>"$folder/.building"
flock 9
if [ -e "$folder/arch/x86/boot/bzImage" ] && cmp -s "$here/kernel.config" "$folder/built.config"; then
  exit 0
fi

start=$SECONDS
run() { make -s -C "$source" O="$folder" "$@" >"$folder/log" 2>&1 || { tail "$folder/log" >&2; die "make $* failed"; }; }
run allnoconfig KCONFIG_ALLCONFIG="$here/kernel.config"
# What Kconfig leaves out for want of another option would not be missed.
while read -r line; do
  case $line in
  CONFIG_*=*) grep -qxF "$line" "$folder/.config" || die "no $line in what Kconfig made of it" ;;
  esac
done <"$here/kernel.config"
run -j"$(nproc)" bzImage
run -j"$(nproc)" modules
cp "$here/kernel.config" "$folder/built.config"
echo "$((SECONDS - start)) s" >"$folder/built.time"
