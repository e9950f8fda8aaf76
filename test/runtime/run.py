#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run samples in a real kernel, and say what happened.

    run.py --headers DIR --build DIR --samples DIR --work DIR
           --group clean|buggy|migrated|moved|lives [options]

Prints a line for each sample and exits with 0 when all were as expected, with
2 when not, with 1 when the run itself could not be made. The guest's last lines
of a sample that failed go to standard error: a FileCheck that reads the rest
does not hide them. A run of a whole group
also fails when --evidence does not say what was seen; with VFIO_UPDATE_EVIDENCE
in the environment it is written anew instead. How long it took goes to
BUILD/runtime/times, for times.py.
"""
import argparse
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import cases, evidence, guest, image, judge, tools  # noqa: E402


def parse():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    kernel = p.add_mutually_exclusive_group(required=True)
    kernel.add_argument("--headers", help="folder of a linux-headers package")
    kernel.add_argument("--checked", metavar="SOURCE",
                        help="unpacked source to build the kernel of checked/ from")
    p.add_argument("--build", required=True, help="the project's build folder")
    p.add_argument("--samples", required=True, help="the project's samples folder")
    p.add_argument("--group", required=True, choices=sorted(tools.GROUPS))
    p.add_argument("--work", required=True, help="a folder for what is built")
    p.add_argument("--only", help="names of samples, with commas between them")
    p.add_argument("--break", action="append", default=[], dest="breaks",
                   metavar="NAME:HOW", help="break a migrated sample by hand, to see "
                   "that it is noticed: no-put, double-free or lost-unwind")
    p.add_argument("--steps", help="run these steps instead of a sample's own")
    p.add_argument("--evidence", help="the page to compare with, docs/evidence.md")
    p.add_argument("--console", action="store_true", help="print the whole console")
    p.add_argument("--silence", type=float, default=90,
                   help="seconds of processor time without a word after which a guest hangs")
    return p.parse_args()


def chosen(args, table):
    if args.steps:
        for case in table:
            case.steps = args.steps.split(",")
    if not args.only:
        return table
    names = args.only.split(",")
    unknown = [n for n in names if n not in [c.name for c in table]]
    if unknown:
        raise guest.GuestError("no such sample in this group: " + ", ".join(unknown))
    return [c for c in table if c.name in names]


def run_all(args, kernel, work, todo, modules, built_tools):
    """Boot until each case has been run; Observations by label, and boots."""
    seen, boots = {}, []
    while todo:
        now = cases.batch(todo)
        path = os.path.join(work, "initramfs")
        guest.write_initramfs(path, kernel, os.path.join(args.build, "runtime"),
                              built_tools, modules, [c.line() for c in now])
        last = now[-1] if now[-1].destructive else None
        boot = guest.boot(kernel, path, args.silence, last)
        boots.append(boot)
        if args.console:
            print(boot.console)
        if boot.ready is None:
            raise guest.GuestError("the guest did not come up:\n" + boot.console[-3000:])
        observed = judge.read(boot.console)
        for o in observed:
            o.hung = boot.hung and not o.ended
            seen[o.label] = o
        left = [c for c in todo if c.name not in seen]
        if len(left) == len(todo):
            raise guest.GuestError("the guest ran no case:\n" + boot.console[-3000:])
        todo = left
    return seen, boots


def verdict(case, o):
    """Whether a case is as expected, and what the kernel did, in words."""
    if o is None:
        return False, "not run"
    # A report comes first; a kernel that only fell showed the bug as well.
    shown = (judge.find(case.expect, o) if case.expect else None) or judge.fall(case, o)
    if shown:
        return True, (case.known + ": " if case.known else "") + judge.lasting(shown)
    if not o.ended:
        return False, "the guest %s in step %s" % ("hung" if o.hung else "died", o.step)
    if case.expect:
        return False, "expected /%s/, but %s" % (
            case.expect, "nothing happened" if o.healthy() else o.complaint())
    if not o.healthy():
        return False, judge.lasting(o.complaint())
    faults = len([n for n in o.notes if n.startswith("failed ")])
    return True, "%s: %s%s" % (
        "healthy" if case.expect is None else "cannot show it, looks healthy",
        ", ".join(o.passed), "; %d failures provoked" % faults if faults else "")


def show_failure(kernel, case, did, o):
    print("FAIL %s %s: %s" % (kernel.series(), case.name, did), file=sys.stderr)
    if o:
        print("the guest's last lines:\n  " + "\n  ".join(o.log[-40:]), file=sys.stderr)


def compare(args, kernel, rows):
    """Whether the evidence says what was seen."""
    if not args.evidence or args.only or args.steps or args.breaks:
        return True
    if os.environ.get("VFIO_UPDATE_EVIDENCE"):
        evidence.update(args.evidence, args.group, kernel.release, rows)
        return True
    wrong = evidence.stale(args.evidence, args.group, kernel.release, rows)
    if wrong:
        print("FAIL %s is stale, run this test with VFIO_UPDATE_EVIDENCE=1:\n  %s"
              % (args.evidence, "\n  ".join(wrong)))
    return not wrong


def record_times(args, kernel, boots, total):
    folder = os.path.join(args.build, "runtime", "times")
    os.makedirs(folder, exist_ok=True)
    name = os.path.basename(args.work).split(".test.")[0]
    with open(os.path.join(folder, name + ".json"), "w") as f:
        json.dump({"name": name, "kernel": kernel.release, "total": total,
                   "ready": [b.ready for b in boots],
                   "boots": [b.seconds for b in boots]}, f)


def main():
    args = parse()
    start = time.monotonic()
    try:
        cache = os.path.join(args.build, "runtime")
        kernel = (image.Kernel(args.headers, cache) if args.headers
                  else image.Checked(args.checked, cache))
        group = tools.GROUPS[args.group](args, kernel)
        group.check_complete()
        table = chosen(args, group.table)
        work = os.path.abspath(args.work)
        os.makedirs(work, exist_ok=True)
        built_tools = guest.build_tools(kernel, work)
        said, modules, todo = {}, {}, []
        for case in table:
            said[case.name] = word = group.prepare(case, work)
            if word.module_folder:
                built = guest.build_module(word.module_folder, kernel,
                                           os.path.join(work, case.name))
                if not case.built:
                    folder = os.path.dirname(case.module)
                    modules.update({os.path.join(folder, m): ko for m, ko in built.items()})
                    todo.append(case)
                    case.mark = guest.watchable(word.marked, built)
        prepared = time.monotonic() - start
        seen, boots = run_all(args, kernel, work, todo, modules, built_tools)
    except (image.ImageError, guest.GuestError) as e:
        print("runtime: " + str(e), file=sys.stderr)
        return 1

    good, rows = True, []
    for case in table:
        word = said[case.name]
        if case in todo:
            ran, did = verdict(case, seen.get(case.name))
        else:
            ran, did = True, "built, not run: " + case.built if case.built else "not built"
        ok = ran and word.ok
        good &= ok
        print("%s %s %s: %s | %s" % ("PASS" if ok else "FAIL", kernel.series(),
                                     case.name, word.text, did))
        if not ok:
            show_failure(kernel, case, did if word.ok else word.text, seen.get(case.name))
        pattern = case.expect
        if case.destructive:
            pattern += "|" + judge.FELL
        rows.append(evidence.Row(case.name, word.text, did, pattern))
    total = time.monotonic() - start
    print("%d samples in %d boots of %s; %.0f s to build them, %s s to the first case, "
          "%.0f s in all" % (len(table), len(boots), kernel.release, prepared,
                             "/".join("%.1f" % b.ready for b in boots), total))
    record_times(args, kernel, boots, total)
    return 0 if good and compare(args, kernel, rows) else 2


if __name__ == "__main__":
    sys.exit(main())
