#!/bin/bash
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# vfio-tidy on the drivers of the newest kernel of a Debian suite: its headers and
# source are downloaded and unpacked into build/suites, by an apt configuration of
# their own; nothing is installed, and this machine's apt is left as it is. What a
# suite has changes by the week: so this is no test, and has no expected output.
# With another architecture than this machine's (arm64), it is the headers of that:
# the clean samples have to be silent, and each buggy one found.
#   scripts/try-kernel.sh [SUITE [ARCHITECTURE]]       default: sid amd64
. "$(dirname "$0")/common.sh"

suite=${1:-sid}
arch=${2:-amd64}
mirror=$(debian_mirror)
[ -n "$mirror" ] || die "no Debian archive among the sources of apt"
folder=$root/build/suites/$suite
[ "$arch" = amd64 ] || folder=$folder-$arch
mkdir -p "$folder"/{lists/partial,cache/archives/partial,debs,root} || die "cannot make $folder"
echo "deb $mirror $suite main" >"$folder/sources.list"
apt() {
  local command=$1
  shift
  "$command" -o Dir::Etc::sourcelist="$folder/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::lists="$folder/lists" -o Dir::Cache="$folder/cache" \
    -o Dir::State::status=/dev/null -o APT::Sandbox::User="$(id -un)" \
    -o APT::Architecture="$arch" -o APT::Architectures::="$arch" "$@"
}
[ -x "$build/bin/vfio-tidy" ] || die "there is no $build/bin/vfio-tidy: run scripts/demo.sh first"

say "what $suite has"
apt apt-get -qq update || die "no packages of $suite to be had"
headers=$(apt apt-cache depends "linux-headers-$arch" | sed -n "s/ *Depends: \(linux-headers-[0-9].*-$arch\)/\1/p")
[ -n "$headers" ] || die "$suite has no linux-headers-$arch"
version=${headers#linux-headers-}
version=${version%-"$arch"}
series=$(echo "$version" | cut -d. -f1,2)
echo "$headers"

say "unpacking into ${folder#"$root"/}"
cd "$folder/debs" || exit 1
packages=("$headers" "linux-headers-$version-common")
[ "$arch" = amd64 ] && packages+=("linux-source-$series")
for package in "${packages[@]}"; do
  ls "${package}"_*.deb >/dev/null 2>&1 || apt apt-get -qq download "$package" || die "cannot download $package"
done
for package in "$headers" "linux-headers-$version-common"; do
  dpkg-deb -x "${package}"_*.deb "$folder/root" || die "cannot unpack $package"
done
kernel=$folder/root/usr/src/$headers

if [ "$arch" != amd64 ]; then
  cd "$root" || exit 1
  model=6.2
  [ "$series" = 6.1 ] && model=6.1
  say "vfio-tidy on the samples, for $arch"
  "$build/bin/vfio-tidy" --kernel="$kernel" samples/clean/$model || die "a clean sample is not silent"
  found=0
  for sample in samples/buggy/$model/*/; do
    "$build/bin/vfio-tidy" --kernel="$kernel" "$sample" >/dev/null 2>&1
    [ $? = 2 ] || die "$sample: nothing was found"
    found=$((found + 1))
  done
  echo "found in each of $found buggy samples"
  exit
fi

if [ ! -e "$folder/linux-source-$series/.whole" ]; then
  dpkg-deb --fsys-tarfile linux-source-"$series"_*.deb |
    tar -xO "./usr/src/linux-source-$series.tar.xz" | tar -xJ -C "$folder" &&
    touch "$folder/linux-source-$series/.whole" || die "cannot unpack linux-source-$series"
fi

say "vfio-tidy on its drivers"
source=$folder/linux-source-$series
paths=()
for path in drivers/vfio samples/vfio-mdev drivers/gpu/drm/i915/gvt drivers/s390; do
  [ -e "$source/$path" ] && paths+=("$source/$path")
done
exec "$build/bin/vfio-tidy" --kernel="$kernel" "${paths[@]}"
