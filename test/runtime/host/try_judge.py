# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The test of the verdicts: consoles that were written by hand.

    try_judge.py SAMPLES
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import run  # noqa: E402
from host import cases, guest, judge, tools  # noqa: E402

BEGIN = "VT: begin twice\nVT: step twice warm\nVT: ok twice warm\nVT: step twice once\n"
RAN = "VT: ran twice twice_release\n"
REPORT = "[    2.1] BUG kmalloc-1k (Tainted: G B): Object already free\n"
OOPS = "BUG: unable to handle page fault for address: ffff888000000010\n"
END = "VT: end twice\nVT: done 3.1\n"


def judged(case, console, hung=False):
    observed = judge.read(console)[0]
    observed.hung = hung and not observed.ended
    return run.verdict(case, observed)


def twice(expect="Object already free", mark="twice_release"):
    case = cases.Case("twice", steps=["warm", "once"], expect=expect)
    case.mark = mark
    return case


def expect(want, text, got):
    assert got == (want, text), got


# The report is what counts, whatever becomes of the guest.
for rest in (END, "", OOPS, OOPS + END):
    expect(True, "BUG kmalloc-1k: Object already free",
           judged(twice(), BEGIN + RAN + REPORT + rest, hung=True))
# No report, but the kernel fell after the marked function was called.
expect(True, "the guest hung after twice_release", judged(twice(), BEGIN + RAN, hung=True))
expect(True, "the guest died after twice_release", judged(twice(), BEGIN + RAN))
expect(True, "the guest fell after twice_release: BUG: unable to handle page fault",
       judged(twice(), BEGIN + RAN + OOPS + END))
# A bug in a table: its step has to have begun.
expect(True, "the guest died after step once", judged(twice(mark=None), BEGIN))
# It fell before, or did nothing, or is not the kind that may fall.
expect(False, "the guest hung in step once", judged(twice(), BEGIN, hung=True))
expect(False, "expected /Object already free/, but " + OOPS.strip(),
       judged(twice(), BEGIN + OOPS + END))
expect(False, "expected /Object already free/, but nothing happened",
       judged(twice(), BEGIN + RAN + "VT: ok twice once\n" + END))
expect(False, "the guest died in step once", judged(twice(cases.LOST), BEGIN + RAN))
expect(False, "the guest hung in step once", judged(twice(None), BEGIN + RAN, hung=True))
expect(False, "the guest died in step once", judged(twice(""), BEGIN + RAN))
expect(False, "not run", run.verdict(twice(), None))

# A destructive case is the last of its boot; the others share the first.
table = [cases.Case(n, expect=e) for n, e in
         (("a", "BUG"), ("b", cases.LOST), ("c", "BUG"), ("d", None), ("e", ""))]
names = []
while table:
    now = cases.batch(table)
    names.append("".join(c.name for c in now))
    table = [c for c in table if c not in now]
assert names == ["bdea", "c"], names

# The function of a marked line, but none for one in a table.
samples = sys.argv[1]
for name, function in (("freetwice", "freetwice_release_dev"), ("norelease", None)):
    path = os.path.join(samples, "buggy", "6.1", name, name + ".c")
    assert [f for _, _, f in tools.marks(path)] == [function], name


class Guest(guest.Patience):
    """One that was looked at so often, in which time it used so much."""

    def __init__(self, used, looks, asleep):
        self.at = 0.0
        super().__init__(0, 90)
        self.at, self.looks, self.asleep = used, looks, asleep

    def _used(self):
        return self.at

    def _asleep(self):
        return False


assert not Guest(89, 3600, 0).over(), "slow is not hung"
assert Guest(91, 91, 0).over(), "it computes in vain"
assert Guest(0.5, 120, 119).over(), "it waits for nothing"
assert not Guest(0.0, 3600, 1000).over(), "it is not let run"
assert not Guest(0.5, 60, 60).over()
