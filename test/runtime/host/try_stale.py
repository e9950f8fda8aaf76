# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The test of evidence.py: which changes of the page make it stale.

    try_stale.py SCRATCH
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from host import evidence  # noqa: E402

page = os.path.join(sys.argv[1], "evidence.md")
good = [evidence.Row("spark", "silent", "healthy: use; 2 failures provoked"),
        evidence.Row("hearth", "silent", "healthy: use|open")]
buggy = [evidence.Row("twice", "named", "Poison overwritten", "Poison|refcount_t")]


def says(group, rows, was="", now="", release="6.1.0-56-amd64"):
    """Whether the page holds, with one text in it replaced."""
    if os.path.exists(page):
        os.unlink(page)
    evidence.update(page, "buggy", "6.1.0-56-amd64", buggy)
    evidence.update(page, "clean", "6.12.9-amd64", good)
    evidence.update(page, "clean", "6.1.0-56-amd64", good)
    with open(page) as f:
        text = f.read()
    assert was in text, was
    with open(page, "w") as f:
        f.write(text.replace(was, now, 1) if was else text)
    return not evidence.stale(page, group, release, rows)


assert says("clean", good)
assert says("clean", good, release="6.1.0-57-amd64"), "a newer build of the kernel"
assert not says("clean", good, release="6.6.1-amd64"), "another kernel"
assert not says("clean", good[:1]) and not says("clean", good + buggy)
assert not says("clean", good, "2 failures", "3 failures")
assert not says("clean", good, "| silent |", "| loud |")
assert not says("clean", good, "# Evidence", "# Proof")
assert not says("migrated", good)
assert says("buggy", buggy, "Poison overwritten", "refcount_t: underflow")
assert not says("buggy", buggy, "Poison overwritten", "healthy")
