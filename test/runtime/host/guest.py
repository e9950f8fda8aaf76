# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Guests: building their initramfs, booting them, reading their console."""
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
COMMAND_LINE = ("console=ttyS0 intel_iommu=on slub_debug=FZPU panic_on_oops=0 "
                "printk.devkmsg=on panic=-1 oops=continue no_timer_check")


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


def accelerators():
    """KVM where it really runs a guest, else TCG."""
    choice = os.environ.get("VFIO_QEMU_ACCEL")
    if choice:
        return choice.split(",")
    usable = os.access("/dev/kvm", os.R_OK | os.W_OK) and re.search(
        r"\b(vmx|svm)\b", open("/proc/cpuinfo").read())
    return ["kvm", "tcg"] if usable else ["tcg"]


def boot(kernel, initramfs, silence, limit):
    """Run a guest until it says that it is done.

    It is ended then, as one whose kernel has seen an oops may not be able to
    power off. It is ended, and called hung, when its console is silent for
    `silence` seconds or when it runs for more than `limit` seconds.
    """
    command = ["qemu-system-x86_64", "-M", "q35,kernel-irqchip=split",
               "-device", "intel-iommu,intremap=on", "-device", "edu",
               "-m", "512", "-smp", "1", "-nodefaults", "-display", "none",
               "-no-reboot", "-serial", "stdio", "-kernel", kernel.vmlinuz,
               "-initrd", initramfs, "-append", COMMAND_LINE]
    for name in accelerators():
        command += ["-accel", name]
    start = time.monotonic()
    qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    console, ready, hung = b"", None, False
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(qemu.stdout, selectors.EVENT_READ)
            while True:
                left = limit - (time.monotonic() - start)
                if left <= 0 or not selector.select(min(silence, left)):
                    hung = True
                    break
                data = os.read(qemu.stdout.fileno(), 65536)
                console += data
                if ready is None and b"VT: ready" in console:
                    ready = time.monotonic() - start
                if not data or b"VT: done" in console[-len(data) - 80:]:
                    break
    finally:
        qemu.kill()
        qemu.wait()
    text = console.decode(errors="replace").replace("\r", "")
    return Boot(text, ready, time.monotonic() - start, hung)
