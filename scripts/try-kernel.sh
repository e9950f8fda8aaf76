#!/bin/bash
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# vfio-tidy on the drivers of the newest kernel of a Debian suite: its headers and
# source are downloaded and unpacked into build/suites, by an apt configuration of
# their own; nothing is installed, and this machine's apt is left as it is. What a
# suite has changes by the week: so this is no test, and has no expected output.
#   scripts/try-kernel.sh [SUITE]       default: sid
. "$(dirname "$0")/common.sh"

suite=${1:-sid}
mirror=http://deb.debian.org/debian
folder=$root/build/suites/$suite
mkdir -p "$folder"/{lists/partial,cache/archives/partial,debs,root} || die "cannot make $folder"
echo "deb $mirror $suite main" >"$folder/sources.list"
apt() {
  local command=$1
  shift
  "$command" -o Dir::Etc::sourcelist="$folder/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::lists="$folder/lists" -o Dir::Cache="$folder/cache" \
    -o Dir::State::status=/dev/null -o APT::Sandbox::User="$(id -un)" "$@"
}
[ -x "$build/bin/vfio-tidy" ] || die "there is no $build/bin/vfio-tidy: run scripts/demo.sh first"

say "what $suite has"
apt apt-get -qq update || die "no packages of $suite to be had"
headers=$(apt apt-cache depends linux-headers-amd64 | sed -n 's/ *Depends: \(linux-headers-[0-9].*-amd64\)/\1/p')
[ -n "$headers" ] || die "$suite has no linux-headers-amd64"
version=${headers#linux-headers-}
version=${version%-amd64}
series=$(echo "$version" | cut -d. -f1,2)
echo "$headers"

say "unpacking into ${folder#"$root"/}"
cd "$folder/debs" || exit 1
for package in "$headers" "linux-headers-$version-common" "linux-source-$series"; do
  ls "${package}"_*.deb >/dev/null 2>&1 || apt apt-get -qq download "$package" || die "cannot download $package"
done
for package in "$headers" "linux-headers-$version-common"; do
  dpkg-deb -x "${package}"_*.deb "$folder/root" || die "cannot unpack $package"
done
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
exec "$build/bin/vfio-tidy" --kernel="$folder/root/usr/src/$headers" "${paths[@]}"
