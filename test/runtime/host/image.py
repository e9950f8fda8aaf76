# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels and programs for the guest, unpacked from Debian's packages.

Nothing is installed: packages are downloaded into the build folder and the few
files that a guest needs are taken out of them, once.
"""
import fcntl
import glob
import lzma
import os
import shutil
import stat
import subprocess

# In the order in which they have to be loaded; 6.12 has no vfio_virqfd.
MODULES = ["irqbypass", "vfio", "vfio_virqfd", "vfio_iommu_type1", "mdev",
           "vfio-pci-core"]


class ImageError(Exception):
    """What a person has to do, in one line."""


def _download(package, folder):
    """The .deb of a package, from the cache or from Debian."""
    found = glob.glob(os.path.join(folder, package + "_*.deb"))
    if found:
        return found[0]
    got = subprocess.run(["apt-get", "download", "-q", package], cwd=folder,
                         capture_output=True, text=True)
    found = glob.glob(os.path.join(folder, package + "_*.deb"))
    if got.returncode or not found:
        raise ImageError("cannot download %s: %s; run apt-get update, or install the "
                         "newest linux-headers package of that series"
                         % (package, " ".join(got.stderr.split()) or "apt-get gave no file"))
    return found[0]


def _extract(deb, folder, patterns):
    archive = subprocess.Popen(["dpkg", "--fsys-tarfile", deb],
                               stdout=subprocess.PIPE)
    unpacked = subprocess.run(
        ["tar", "-x", "-C", folder, "--wildcards"] + patterns,
        stdin=archive.stdout)
    archive.stdout.close()
    if archive.wait() or unpacked.returncode:
        raise ImageError("cannot unpack %s: delete it to download it again" % deb)


class Kernel:
    """A kernel that matches a header package, ready to boot."""

    # Poison and red zones, and each object's stack, on all caches.
    slub_debug = "FZPU"
    checked = False

    def __init__(self, headers, cache):
        self.headers = os.path.realpath(headers)
        name = os.path.basename(self.headers)
        if not name.startswith("linux-headers-"):
            raise ImageError("%s: not a folder of a linux-headers package" % headers)
        self.release = name[len("linux-headers-"):]
        self.folder = os.path.join(cache, self.release)
        os.makedirs(self.folder, exist_ok=True)
        # Two tests may want the same kernel at the same time.
        with open(os.path.join(self.folder, "lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._prepare(cache)

    def _prepare(self, cache):
        self.vmlinuz = os.path.join(self.folder, "boot", "vmlinuz-" + self.release)
        done = os.path.join(self.folder, "unpacked")
        if os.path.exists(done):
            return
        deb = _download("linux-image-" + self.release, cache)
        _extract(deb, self.folder,
                 ["./boot/vmlinuz-*", "./lib/modules/*/kernel/drivers/vfio/*",
                  "./lib/modules/*/kernel/virt/lib/*"])
        os.unlink(deb)
        open(done, "w").close()

    def series(self):
        """6.1, 6.12: the kernel's first two numbers."""
        return ".".join(self.release.split(".")[:2])

    def generation(self):
        """The generation of the VFIO API, as its samples' folder is named."""
        return "6.1" if self.series() == "6.1" else "6.2"

    def modules(self):
        """Name and contents of the package's modules, in loading order."""
        tree = os.path.join(self.folder, "lib", "modules", self.release)
        for name in MODULES:
            for path in glob.glob(tree + "/**/%s.ko*" % name, recursive=True):
                with open(path, "rb") as f:
                    data = f.read()
                yield name, lzma.decompress(data) if path.endswith(".xz") else data


class Checked(Kernel):
    """The kernel of ../checked, with IOMMUFD and the kernel's own checkers."""

    # KASAN sees what poison and red zones show, and sooner.
    slub_debug = "U"
    checked = True

    def __init__(self, source, cache):
        script = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                              "checked", "build.sh")
        self.headers = os.path.join(cache, "checked-6.12")
        built = subprocess.run([script, source, self.headers], capture_output=True, text=True)
        if built.returncode:
            raise ImageError("the kernel of test/runtime/checked: " + built.stderr.strip())
        self.vmlinuz = os.path.join(self.headers, "arch", "x86", "boot", "bzImage")
        with open(os.path.join(self.headers, "include", "config", "kernel.release")) as f:
            self.release = f.read().strip()

    def modules(self):
        """None: VFIO is built in."""
        return []


def busybox(cache):
    """A statically linked busybox: the host's, or the package's."""
    host = shutil.which("busybox")
    if host:
        dynamic = subprocess.run(["ldd", host], capture_output=True, text=True)
        if dynamic.returncode:  # "not a dynamic executable"
            return host
    folder = os.path.join(cache, "busybox")
    path = os.path.join(folder, "bin", "busybox")
    if not os.path.exists(path):
        os.makedirs(folder, exist_ok=True)
        _extract(_download("busybox-static", cache), folder, ["./bin/busybox"])
    return path


class Archive:
    """A cpio archive in the "newc" form, which the kernel unpacks."""

    def __init__(self):
        self.parts = []
        self.number = 0

    def _entry(self, name, mode, data=b"", device=(0, 0)):
        self.number += 1
        fields = [self.number, mode, 0, 0, 1, 0, len(data), 0, 0,
                  device[0], device[1], len(name) + 1, 0]
        header = b"070701" + b"".join(b"%08X" % f for f in fields)
        for part in (header + name.encode() + b"\0", data):
            self.parts.append(part + b"\0" * (-len(part) % 4))

    def folder(self, name):
        self._entry(name, stat.S_IFDIR | 0o755)

    def file(self, name, data, mode=0o644):
        self._entry(name, stat.S_IFREG | mode, data)

    def link(self, name, to):
        self._entry(name, stat.S_IFLNK | 0o777, to.encode())

    def console(self):
        self._entry("dev/console", stat.S_IFCHR | 0o600, device=(5, 1))

    def write(self, path):
        self._entry("TRAILER!!!", 0)
        with open(path, "wb") as f:
            f.write(b"".join(self.parts))
