# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which samples are run, how, and what is expected of them."""

HEALTH = "warm use open cycle faults objects index".split()
# What leaves the kernel in order: the guest's own bookkeeping shows it.
LOST = r"not as before: .*objects of"
LEAK = r"kmemleak: "


class Case:
    """One sample in one guest.

    expect is None for a driver that has to be healthy; else a regular
    expression for what the kernel, or the guest's own bookkeeping, has to show
    of the driver's bug. An empty expectation says that the kernel cannot show
    it: the driver has to look healthy.

    What a driver leaves behind that is destructive is no ground for another
    case: it is the last of its boot.
    """

    def __init__(self, name, kind="mdev", steps=None, expect=None, check=None,
                 refused=(), built=None, known=None, module=None):
        self.name = name
        self.module = module or name  # in the guest's /modules
        self.kind = kind
        self.steps = steps or HEALTH
        self.expect = expect
        self.check = check      # the check of vfio-tidy that names the bug
        self.refused = refused  # targets that vfio-migrate has to refuse
        self.built = built      # why it is only built, not run
        self.known = known      # what the tool is known to do wrong here
        self.mark = None        # the function with the marked line in it
        self.leaks = bool(expect) and expect.startswith(LEAK)
        self.destructive = bool(expect) and expect != LOST and not self.leaks

    def line(self):
        """The case as the guest reads it."""
        return " ".join([self.name, self.kind, self.module, self.mark or "-"] + self.steps)


def batch(todo):
    """What the next boot runs: what leaks for good comes after what must not, a
    destructive case last."""
    gentle = sorted((c for c in todo if not c.destructive), key=lambda c: c.leaks)
    return gentle + [c for c in todo if c.destructive][:1]


CLEAN = {
    "6.1": [Case("spark"), Case("hearth"), Case("mosaic"), Case("edu_gate", "pci")],
    "6.2": [Case("spark"), Case("hearth"), Case("mosaic"), Case("lantern"),
            Case("edu_gate", "pci")],
}

# On the kernel with IOMMUFD and the checkers, which is slow. KASAN keeps freed
# objects back for a while: kmemleak says there what "objects" says elsewhere.
CHECKED_HEALTH = "warm use iommufd open faults kmemleak index".split()


def checked(*table):
    """These cases, for that kernel."""
    return [Case(c.name, c.kind, CHECKED_HEALTH) for c in table]


# Old-model samples, to be migrated first.
LEGACY = [
    Case("ledger"), Case("mixer"), Case("tokenpool"), Case("roster"),
    Case("archive"), Case("reel"), Case("turnstile"), Case("pebble"),
    Case("kettle"), Case("harbour", refused=["6.2"]),
    Case("rusty"), Case("seasons"), Case("climate"),
    Case("solstice", refused=["6.1", "6.2"]),
    Case("vault"), Case("orchard"), Case("relay"), Case("shelf"),
    Case("beacon", steps="warm use aux open cycle faults objects index".split()),
    Case("gauge", built="its devices need an IOMMU for the platform bus and for AMBA"),
    Case("edu_bare", "pci"), Case("edu_state", "pci"), Case("edu_modes", "pci"),
    Case("edu_late", "pci"), Case("edu_devm", "pci"),
]

# Of these, for the kernel with IOMMUFD: emulated and physical.
CHECKED_LEGACY = checked(*[c for c in LEGACY if c.name in ("pebble", "ledger", "edu_bare", "edu_state")])

# Good drivers of 6.1, brought to 6.2.
CHECKED_MOVED = checked(*CLEAN["6.1"])

TWICE = r"Object already free|general protection fault"
POISON = r"general protection fault|Poison overwritten|6b6b6b6b|refcount_t:"
OOPS = r"BUG: unable to handle|BUG: kernel NULL|general protection fault"


def bug(name, check, steps, expect):
    return Case(name, steps=steps.split(), check="vfio-" + check, expect=expect)


BUGGY = {
    "6.1": [
        bug("noput", "lifecycle", "warm use objects", LOST),
        bug("lostpath", "lifecycle", "warm faults objects", LOST),
        bug("nofree", "release-contract", "warm once objects", LOST),
        bug("sometimes", "release-contract", "warm once objects", LOST),
        bug("initleak", "init-contract", "warm broken objects", LOST),
        bug("halfdone", "release-contract", "warm once objects", LOST),
        bug("handmade", "init-device", "warm use objects index", ""),
        bug("nosy", "private-member", "warm use objects index", ""),
        bug("rawput", "private-member", "warm use objects index", ""),
        bug("castaway", "container-of-mismatch", "warm use objects index", ""),
        bug("wrongbox", "container-of-mismatch", "use", r"Redzone overwritten"),
        bug("putandfree", "mismatched-free", "once", TWICE),
        bug("freetwice", "release-contract", "use", TWICE),
        bug("initfree", "init-contract", "broken", TWICE),
        bug("justfree", "mismatched-free", "warm cycle index",
            r"lost numbers|list_add corruption|general protection fault"),
        bug("afterfree", "release-contract", "once", POISON),
        bug("kfreed", "mismatched-free", "once", OOPS + r"|WARNING: CPU.*free"),
        bug("norelease", "missing-release", "once", r"BUG: kernel NULL pointer"),
        bug("nulltest", "alloc-result", "broken", OOPS),
        bug("twiceput", "lifecycle", "once", POISON),
        bug("lateuse", "lifecycle", "once", r"general protection fault"),
        bug("earlyput", "lifecycle", "once", POISON),
        bug("unchecked", "lifecycle", "warm faults", OOPS + r"|refcount_t:"),
        bug("backsout", "lifecycle", "warm faults", OOPS + r"|refcount_t:"),
        bug("errfrees", "mismatched-free", "warm faults index",
            r"lost numbers|list_add corruption|" + POISON),
        bug("untested", "alloc-result", "broken", OOPS),
        bug("initputs", "init-contract", "broken", r"refcount_t:|is not initialized"),
        bug("initregs", "init-contract", "broken", OOPS + r"|refcount_t:|is not initialized"),
        bug("relunreg", "release-contract", "brief once", r"it does not end"),
        bug("devgiven", "mismatched-free", "once", OOPS + r"|Invalid object pointer|" + TWICE),
    ],
    "6.2": [
        bug("forgotten", "lifecycle", "warm once objects", LOST),
        bug("lostpath", "lifecycle", "warm faults objects", LOST),
        bug("scoped", "mismatched-free", "warm faults index",
            r"lost numbers|list_add corruption|" + POISON),
        bug("stillfree", "release-contract", "once", TWICE),
        bug("twiceput", "lifecycle", "once", POISON),
        bug("nulltest", "alloc-result", "broken", OOPS),
        bug("unchecked", "lifecycle", "warm faults", OOPS + r"|refcount_t:"),
    ],
}


def mended(buggy):
    """The same driver, with its bug mended: it has to be healthy."""
    steps = ["warm"] + [s for s in buggy.steps if s not in ("warm", "kmemleak")]
    return Case(buggy.name + "-mended", steps=steps + ["kmemleak"],
                module="%s-mended/%s" % (buggy.name, buggy.name))


# What a driver takes and gives back: one bug each.
LIVES = [
    bug("openkeeps", "open-contract", "warm refused kmemleak", LEAK + ".*openkeeps_open_device"),
    bug("probekeeps", "probe-contract", "warm faults kmemleak", LEAK + ".*probekeeps_probe"),
    bug("stillruns", "runs-late", "use settle", r"ODEBUG: free active|KASAN: .*use-after-free"),
    bug("closefrees", "given-twice", "use", r"KASAN: double-free"),
    bug("keepslock", "locking", "warm peek", r"lock held when returning to user space"),
    bug("halfbound", "core-rules", "warm", r"WARNING: CPU.*vfio_register_dev"),
]
LIVES += [mended(case) for case in LIVES]
