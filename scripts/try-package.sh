#!/bin/bash
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs the Debian package on a bare Debian 12, in a folder made by debootstrap,
# and lets each program do its job there. As root.
#   scripts/try-package.sh [FOLDER]     FOLDER: kept, and used again
. "$(dirname "$0")/common.sh"

folder=${1:-$(mktemp -d)}
mirror=$(debian_mirror)
[ -n "$mirror" ] || die "no Debian archive among the sources of apt"
build_all debootstrap dpkg-dev file
say "making the package"
(cd "$build" && rm -f vfio-tidy_*.deb && cpack -G DEB >"$build/cpack.log") ||
  { cat "$build/cpack.log" >&2; die "cpack failed"; }
package=$(ls "$build"/vfio-tidy_*.deb)
dpkg-deb --field "$package" Package Version Depends Recommends

say "a bare Debian 12 in $folder"
[ -e "$folder/etc/debian_version" ] ||
  debootstrap --variant=minbase bookworm "$folder" "$mirror" >"$build/debootstrap.log" ||
  die "debootstrap failed, see $build/debootstrap.log"
cat >"$folder/etc/apt/sources.list" <<END
deb $mirror bookworm main
deb ${mirror}-security bookworm-security main
END
inside() { chroot "$folder" env DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
# The programs find what is installed beside them by /proc/self/exe.
mountpoint -q "$folder/proc" || mount -t proc proc "$folder/proc" || die "cannot mount $folder/proc"
trap 'umount "$folder/proc"' EXIT
cp "$package" "$folder/tmp/vfio-tidy.deb"
inside apt-get -qq update || die "no packages to be had"
inside apt-get -qq -y --no-install-recommends install /tmp/vfio-tidy.deb linux-headers-amd64 \
  clang-tidy-$major git >"$build/chroot.log" 2>&1 || { tail "$build/chroot.log" >&2; die "apt-get failed"; }

kernel=$(basename "$(find "$folder/usr/src" -name 'linux-headers-*-amd64' | sort -V | tail -n 1)")
kernel=/usr/src/$kernel
rm -rf "$folder/tmp/samples" && cp -r "$root/samples" "$folder/tmp/samples"
say "vfio-tidy"
inside vfio-tidy --kernel="$kernel" /tmp/samples/buggy/6.1/norelease; [ $? = 2 ] || die "no finding"
say "vfio-migrate"
inside vfio-migrate --kernel="$kernel" -i /tmp/samples/legacy/pebble || die "not migrated"
say "the plugin in clang-tidy-$major"
inside sh -c "vfio-tidy --kernel=$kernel --print-database /tmp/samples/buggy/6.1/norelease > /tmp/compile_commands.json &&
  clang-tidy-$major --load=/usr/lib/VfioTidyModule-$major.so --checks='-*,vfio-*' -p /tmp --quiet \
  /tmp/samples/buggy/6.1/norelease/norelease.c" || die "the plugin failed"
say "vfio-clangd"
/usr/bin/python3 - "$root/test/editor" "$folder" "$kernel" <<'END' || die "vfio-clangd found nothing"
import sys
sys.path.insert(0, sys.argv[1])
import lsp
folder, kernel = sys.argv[2:]
path = "/tmp/samples/buggy/6.1/norelease/norelease.c"
client = lsp.Client(["chroot", folder, "vfio-clangd", "--kernel=" + kernel], "/tmp")
client.texts[path], client.versions[path] = open(folder + path).read(), 1
client.notify("textDocument/didOpen", {"textDocument": {
    "uri": "file://" + path, "languageId": "c", "version": 1, "text": client.texts[path]}})
found = [d for d in client.diagnostics(path) if d.get("code", "").startswith("vfio-")]
print("\n".join("%d: %s\n%s" % (d["range"]["start"]["line"] + 1, d["message"],
                                d["codeDescription"]["href"]) for d in found))
client.close()
sys.exit(not found)
END
say "manual pages and completions"
inside dpkg -L vfio-tidy | grep -E 'man1|completion'
say "all there"
