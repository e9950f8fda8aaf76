# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What demo.sh and test.sh share: packages, the build, the headers. Sourced.

root=$(cd "$(dirname "$0")/.." && pwd)
preset=${VFIO_PRESET:-release}
major=22
case $preset in llvm[0-9]*) major=${preset#llvm} ;; esac
build=$root/build/$preset
kernels=${VFIO_KERNELS:-$root/build/kernels}
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

say() { printf '\033[1m== %s\033[0m\n' "$*"; }
die() { echo "$(basename "$0"): $*" >&2; exit 1; }

# Runs as root: directly, or by sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo --preserve-env=DEBIAN_FRONTEND "$@"
  else die "packages are missing, and this is neither root nor is there sudo"; fi
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
available() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'; }

# Where this machine's apt has Debian from: other suites are there, too.
debian_mirror() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
    sed -n 's|/debian/$|/debian|p' | head -1
}

# LLVM 22 and the 6.12 kernel come to Debian 12 by its security updates, which
# every installation has, but a bare debootstrap has not. Later suites have both.
add_security_updates() {
  . /etc/os-release
  [ "${VERSION_CODENAME:-}" = bookworm ] ||
    die "${PRETTY_NAME:-this system} has no package $1: needs Debian 12 or later for its packages"
  say "adding Debian's security updates: /etc/apt/sources.list.d/bookworm-security.list"
  echo "deb $(debian_mirror)-security bookworm-security main" |
    as_root tee /etc/apt/sources.list.d/bookworm-security.list >/dev/null
  as_root apt-get -qq update
}

# Installs those of the packages that are missing, and says which.
need() {
  missing=
  for package; do installed "$package" || missing="$missing $package"; done
  [ -z "$missing" ] && return
  say "installing:$missing"
  for package in $missing; do
    available "$package" && continue
    as_root apt-get -qq update
    available "$package" || add_security_updates "$package"
    break
  done
  # shellcheck disable=SC2086 # a list
  as_root apt-get -qq -y --no-install-recommends install $missing >"$root/build/apt.log" 2>&1 ||
    { tail -n 5 "$root/build/apt.log" >&2; die "apt-get failed, see build/apt.log"; }
}

# Lets apt know of packages that a test downloads: an installation may have no lists.
know() {
  for package; do
    available "$package" && continue
    as_root apt-get -qq update
    break
  done
}

# What the build takes; the README says what each is for.
build_packages="cmake ninja-build clang-$major llvm-$major-dev llvm-$major-tools
  libclang-$major-dev clang-tidy-$major g++ zlib1g-dev python3"

build_all() {
  mkdir -p "$root/build"
  # shellcheck disable=SC2086 # lists
  need $build_packages "$@"
  say "building ($preset)"
  cd "$root" || exit 1
  # Again, too, where GoogleTest was missing: it may be there now.
  [ -e "$build/build.ninja" ] && ! grep -q 'VFIO_GTEST.*NOTFOUND' "$build/CMakeCache.txt" || cmake --preset "$preset" >"$root/build/cmake.log" 2>&1 ||
    { cat "$root/build/cmake.log" >&2; die "cmake failed"; }
  ninja -C "$build" --quiet || die "the build failed"
}

# The newest kernel headers that are installed, of a series if one is named.
headers() {
  find /usr/src -maxdepth 1 -name "linux-headers-${1:-[0-9]*}.*-amd64" ! -name '*-rt-*' ! -name '*-cloud-*' |
    sort -V | tail -n 1
}

# Debian's kernel source of a series, in $kernels.
unpack_source() {
  [ -d "$kernels/linux-source-$1" ] && return
  say "unpacking the kernel source $1"
  # Aside first: half a tree must not pass for a whole one.
  mkdir -p "$kernels/unpacking-$1" &&
    tar -C "$kernels/unpacking-$1" -xf "/usr/src/linux-source-$1.tar.xz" &&
    mv "$kernels/unpacking-$1/linux-source-$1" "$kernels/" ||
    die "cannot unpack /usr/src/linux-source-$1.tar.xz"
  rmdir "$kernels/unpacking-$1"
}

# LLVM's test runner, where the package llvm-N-tools has it.
find_lit() {
  find "/usr/lib/llvm-$major/bin/lit" "/usr/lib/llvm-$major/build/utils/lit/lit.py" 2>/dev/null | head -n 1
}
