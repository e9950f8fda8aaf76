# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Guests: building their initramfs, booting them, reading their console."""
import glob
import os
import re
import selectors
import shutil
import subprocess
import time

from . import image

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# no_timer_check: a busy host is late with the timer's first interrupts, which the
# kernel takes for a broken timer.
COMMAND_LINE = ("console=ttyS0 intel_iommu=on panic_on_oops=0 printk.devkmsg=on "
                "panic=-1 oops=continue no_timer_check slub_debug=")


class GuestError(Exception):
    """The guest could not be made or did not come up."""


def build_module(source, kernel, folder, flags=()):
    """Build a module's folder with the kernel's own make; its .ko files."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    made = subprocess.run(
        ["make", "-s", "-C", kernel.headers, "M=" + folder, "modules", *flags],
        capture_output=True, text=True)
    if made.returncode:
        raise GuestError("%s does not build for %s:\n%s"
                         % (source, kernel.release, made.stdout + made.stderr))
    return {name[:-3]: os.path.join(folder, name)
            for name in sorted(os.listdir(folder)) if name.endswith(".ko")}


def watchable(functions, modules):
    """The first of these that is a function of its own in a built module, and
    was not inlined; None if there is no such."""
    for function in functions:
        for ko in modules.values():
            symbols = subprocess.run(["nm", ko], capture_output=True, text=True).stdout
            if function and re.search(r" [tT] %s$" % function, symbols, re.M):
                return function
    return None


def build_tools(kernel, work):
    """The static user program and the fault module."""
    program = os.path.join(work, "vfiouse")
    built = subprocess.run(
        ["gcc", "-static", "-O2", "-Wall", "-Werror", "-o", program,
         os.path.join(HERE, "guest", "vfiouse.c")], capture_output=True, text=True)
    if built.returncode:
        raise GuestError("vfiouse.c does not compile:\n" + built.stderr)
    fault = build_module(os.path.join(HERE, "guest", "fault"), kernel,
                         os.path.join(work, "fault"))
    return program, fault["vfio_fault"]


def write_initramfs(path, kernel, cache, tools, modules, cases):
    """cases: lines for /cases; modules: name to .ko file."""
    program, fault = tools
    archive = image.Archive()
    for name in ("bin", "dev", "proc", "sys", "tmp", "modules"):
        archive.folder(name)
    for name in sorted({os.path.dirname(name) for name in modules} - {""}):
        archive.folder("modules/" + name)
    archive.console()
    with open(image.busybox(cache), "rb") as f:
        archive.file("bin/busybox", f.read(), 0o755)
    archive.link("bin/sh", "busybox")
    with open(program, "rb") as f:
        archive.file("bin/vfiouse", f.read(), 0o755)

    order = []
    for name, data in kernel.modules():
        archive.file("modules/%s.ko" % name, data)
        order.append(name + ".ko")
    for name, ko in sorted(modules.items()) + [("vfio_fault", fault)]:
        with open(ko, "rb") as f:
            archive.file("modules/%s.ko" % name, f.read())
    order.append("vfio_fault.ko")
    archive.file("modules/order", "\n".join(order).encode() + b"\n")

    for name, mode in (("init", 0o755), ("lib.sh", 0o644), ("case.sh", 0o644)):
        with open(os.path.join(HERE, "guest", name), "rb") as f:
            archive.file(name, f.read(), mode)
    archive.file("cases", "".join(line + "\n" for line in cases).encode())
    archive.write(path)


class Boot:
    """One boot: its console, how long it took, and whether it hung.

    ready: the seconds until the guest could run cases, None if it never could;
    by the host's clock, as a guest on a busy host is wrong about its own.
    """

    def __init__(self, console, ready, seconds, hung):
        self.console = console
        self.ready = ready
        self.seconds = seconds
        self.hung = hung


def accelerator():
    """The options for KVM where it really runs a guest, else for TCG.

    TCG's guests get a clock that goes by what they executed, a nanosecond for
    half an instruction, and that leaps over idle times: so their waits do not
    depend on how busy the host is.
    """
    tcg = ["-accel", "tcg", "-icount", "shift=1,sleep=off"]
    choice = os.environ.get("VFIO_QEMU_ACCEL")
    if choice:
        return tcg if choice == "tcg" else ["-accel", choice]
    with open("/proc/cpuinfo") as f:
        usable = os.access("/dev/kvm", os.R_OK | os.W_OK) and re.search(
            r"\b(vmx|svm)\b", f.read())
    return ["-accel", "kvm", "-accel", "tcg"] if usable else tcg


class Patience:
    """When a guest is given up: by its progress, not by the clock.

    Progress is a line of ours; what a kernel says that keeps complaining is
    none. One that computes is given up after `silence` seconds of processor
    time, however long a busy host takes to grant them. One that was asleep
    nearly each time when it was looked at, once a second, waits for something
    that does not come; one that is kept from running is not asleep.
    """

    def __init__(self, pid, silence):
        self.pid = pid
        self.silence = silence
        self.lost = False
        self.looked = 0
        self.progress()

    def _used(self):
        with open("/proc/%d/stat" % self.pid) as f:
            fields = f.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _asleep(self):
        """No thread runs, or would if it were let."""
        states = ""
        for path in glob.glob("/proc/%d/task/*/stat" % self.pid):
            try:
                with open(path) as f:
                    states += f.read().rpartition(")")[2].split()[0]
            except OSError:
                pass  # a thread that has ended meanwhile
        return not set(states) & set("RD")

    def progress(self):
        self.used = self._used()
        self.looks = self.asleep = 0

    def over(self):
        now = time.monotonic()
        if now - self.looked >= 1:
            self.looked = now
            self.looks += 1
            self.asleep += self._asleep()
        self.lost = (self._used() - self.used > self.silence
                     or self.asleep > max(self.silence, self.looks * 0.9))
        return self.lost


def lines(qemu, patience):
    """A guest's console, line by line, until it ends or is given up."""
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(qemu.stdout, selectors.EVENT_READ)
        while not patience.over():
            if not selector.select(1):
                continue
            data = os.read(qemu.stdout.fileno(), 65536)
            *whole, rest = (rest + data).split(b"\n")
            for line in whole:
                yield line.decode(errors="replace").replace("\r", "")
            if not data:
                break
    yield rest.decode(errors="replace")


def boot(kernel, initramfs, silence, last=None):
    """Run a guest until it says that it is done.

    It is ended then, as one whose kernel has seen an oops may not be able to
    power off; so it is when `last`, a destructive case, has shown what is
    expected of it. It is ended, and called hung, when it makes no progress.
    """
    command = ["qemu-system-x86_64", "-M", "q35,kernel-irqchip=split",
               "-device", "intel-iommu,intremap=on", "-device", "edu",
               "-m", "512", "-smp", "1", "-nodefaults", "-display", "none",
               "-no-reboot", "-serial", "stdio", "-kernel", kernel.vmlinuz,
               "-initrd", initramfs, "-append", COMMAND_LINE + kernel.slub_debug] + accelerator()
    start = time.monotonic()
    qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    console, ready, begun = [], None, False
    patience = Patience(qemu.pid, silence)
    try:
        for line in lines(qemu, patience):
            console.append(line)
            if "VT: " in line:
                patience.progress()
                ready = ready or time.monotonic() - start
            if "VT: done" in line or begun and re.search(last.expect, line):
                break
            begun = begun or last and "VT: begin %s" % last.name in line
        hung = patience.lost
    finally:
        qemu.kill()
        qemu.wait()
    return Boot("\n".join(console), ready, time.monotonic() - start, hung)
