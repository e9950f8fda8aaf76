# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From a console to verdicts."""
import re

# What a healthy kernel does not say.
BAD = re.compile(
    r"BUG\b|WARNING: |\bOops\b|general protection fault|refcount_t:|"
    r"Unable to handle|blocked for more than|Redzone|Object already free|"
    r"Objects remaining|UBSAN|list_(add|del) corruption|"
    r"Failed to (add|register)|kobject_add_internal failed|duplicate filename|"
    r"Object padding overwritten|Poison overwritten|"
    r"trying to (free|vfree)|DEBUG_LOCKS_WARN_ON|Kernel panic")

STAMP = re.compile(r"^(?:\[ *\d+\.\d+\](?:\[[^\]]*\])? )?")
MARK = re.compile(r"^VT: (begin|end|step|ran|ok|FAIL|note) (\S+) ?(.*)$")

# A kernel that fell rather than reported. Which of the two happens after memory
# was corrupted, and where, differs from run to run.
FALL = re.compile(
    r"BUG: (unable to handle|kernel NULL|soft lockup)|general protection fault|"
    r"stack segment|invalid opcode|kernel BUG|Kernel panic")
FELL = "the guest (hung|died|fell) after"


class Observation:
    """What one case left on the console."""

    def __init__(self, label):
        self.label = label
        self.passed = []    # steps that went well
        self.failed = []    # "step: why"
        self.notes = []
        self.kernel = []    # what the kernel said and should not have
        self.log = []       # every line
        self.ended = False
        self.hung = False   # given up by the host, in this case
        self.step = None    # the step that began last
        self.ran = None     # the marked function, once it was called
        self.fell = None    # what brought the kernel down after that

    def healthy(self):
        return self.ended and not self.failed and not self.kernel

    def complaint(self):
        """The first thing that went wrong, in a line."""
        if self.kernel:
            return self.kernel[0]
        if self.failed:
            return self.failed[0]
        return "" if self.ended else "the case did not end"


def read(console):
    """The cases of a console, in order."""
    cases, current = [], None
    for line in console.splitlines():
        line = STAMP.sub("", line.strip())
        mark = MARK.match(line)
        if mark and mark.group(1) == "begin":
            current = Observation(mark.group(2))
            cases.append(current)
            continue
        if current is None:
            continue
        current.log.append(line)
        if not mark:
            if BAD.search(line):
                current.kernel.append(line)
            if current.ran and not current.fell and FALL.search(line):
                current.fell = line
            continue
        verb, label, text = mark.groups()
        if label != current.label:
            continue
        if verb == "ok":
            current.passed.append(text)
        elif verb == "FAIL":
            current.failed.append(text)
        elif verb == "note":
            current.notes.append(text)
        elif verb == "step":
            current.step = text
        elif verb == "ran":
            current.ran = text
        elif verb == "end":
            current.ended = True
            current = None
    return cases


def find(expect, observation):
    """The first line of a case that shows what is expected of it."""
    for line in observation.failed + observation.log:
        if re.search(expect, line):
            return line
    return None


def fall(case, observation):
    """How the guest fell over a destructive case, after its marked line.

    A line that is in no function (an ops table's) counts as run when the last
    of the steps has begun. None if the guest stood, or fell before.
    """
    o, ran = observation, observation.ran
    if not case.mark and o.step == case.steps[-1]:
        ran = "step " + o.step
    if not case.destructive or not ran:
        return None
    if o.fell:
        return "the guest fell after %s: %s" % (ran, o.fell)
    if o.ended:
        return None
    return "the guest %s after %s" % ("hung" if o.hung else "died", ran)


def lasting(line):
    """A kernel's line without what differs from run to run."""
    line = re.sub(r" \(Tainted: [^)]*\)|: 0000 \[#\d+\].*", "", line)
    line = re.sub(r" [\w.]+-0x\w+ @offset=\d+|(?: for|,) address: \w+$", "", line)
    line = re.sub(r"0x6b6b6b6b[0-9a-f]+", "0x6b6b6b6b...", line)
    return re.sub(r"\b(?:0x)?[0-9a-f]{9,16}\b", "...", line).rstrip(" ;")
