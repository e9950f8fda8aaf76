# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which devices mistakes are made with: where their drivers are, which checks
find the mistakes, and what is wrong in these drivers as they are."""
import stock

from .operators import OTHERS, VFIO, other_devices


class Subject:
    def __init__(self, paths, checks, modules, known, concerns):
        self.paths, self.checks, self.modules, self.known, self.concerns = paths, checks, modules, known, concerns


def _has_vfio_device(driver):
    return driver.probes or driver.callbacks("release") or driver.callbacks("init")


# Of 6.12: the vdpa drivers, not vdpa's core, and drivers that make a struct
# device of their own in a module of few sources.
OTHER_DRIVERS = tuple("drivers/" + path for path in (
    "vdpa/alibaba", "vdpa/ifcvf", "vdpa/mlx5/net", "vdpa/octeon_ep", "vdpa/pds", "vdpa/solidrun", "vdpa/vdpa_sim",
    "vdpa/vdpa_user", "vdpa/virtio_pci", "vhost/vdpa.c", "auxdisplay/line-display.c", "cdx/cdx.c",
    "char/tpm/tpm2-space.c", "counter/counter-core.c", "gnss/core.c", "isdn/mISDN/dsp_pipeline.c", "mtd/ubi/build.c",
    "mtd/ubi/vmt.c", "mux/core.c", "net/wwan/wwan_hwsim.c", "powercap/powercap_sys.c", "rpmsg/rpmsg_char.c",
    "rpmsg/rpmsg_ctrl.c", "siox/siox-core.c", "staging/greybus/raw.c", "uio/uio.c", "usb/typec/mux.c",
    "usb/typec/pd.c", "video/backlight/backlight.c", "video/backlight/lcd.c", "watchdog/watchdog_dev.c"))
# What is known of them: bugs (docs/found.md), ...
OTHER_KNOWN = ("the 'struct eni_vdpa' is used after its last reference was put",
               "the 'struct psnet' is used after its last reference",
               # ... and what is not so: drvdata of two kinds, a `.release` that is set when all has worked.
               "'psnet' is freed by an allocator's function",
               "'eptdev' is freed after its last reference was put, which has freed it already",
               "'ctrldev' is freed after its last reference was put, which has freed it already")

SUBJECTS = {
    "vfio": Subject(("drivers/vfio", "samples/vfio-mdev", "drivers/gpu/drm/i915/gvt"), "vfio-*", VFIO, stock.KNOWN,
                    _has_vfio_device),
    "other-devices": Subject(OTHER_DRIVERS, "lifecycle-*", OTHERS, OTHER_KNOWN, other_devices.concerns),
}
