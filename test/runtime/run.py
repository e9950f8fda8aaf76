#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run samples in a real kernel, and say what happened.

    run.py --headers DIR --build DIR --samples DIR --work DIR
           --group clean|buggy|migrated [options]

Prints a line for each sample and exits with 0 when all were as expected, with
2 when not, with 1 when the run itself could not be made. What a whole group
showed is also written to BUILD/runtime/results, for evidence.py.
"""
import argparse
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import evidence, guest, image, judge, tools  # noqa: E402


def parse():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--headers", required=True, help="folder of a linux-headers package")
    p.add_argument("--build", required=True, help="the project's build folder")
    p.add_argument("--samples", required=True, help="the project's samples folder")
    p.add_argument("--group", required=True, choices=sorted(tools.GROUPS))
    p.add_argument("--work", required=True, help="a folder for what is built")
    p.add_argument("--only", help="names of samples, with commas between them")
    p.add_argument("--break", action="append", default=[], dest="breaks",
                   metavar="NAME:HOW", help="break a migrated sample by hand, to see "
                   "that it is noticed: no-put, double-free or lost-unwind")
    p.add_argument("--steps", help="run these steps instead of a sample's own")
    p.add_argument("--console", action="store_true", help="print the whole console")
    p.add_argument("--silence", type=float, default=240,
                   help="seconds without a word after which a guest hangs")
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
        path = os.path.join(work, "initramfs")
        guest.write_initramfs(path, kernel, os.path.join(args.build, "runtime"),
                              built_tools, modules, [c.line() for c in todo])
        boot = guest.boot(kernel, path, args.silence, limit=60 + 120 * len(todo))
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
    if o.hung:
        return False, "the guest hung and was ended"
    if not case.expect:
        if o.healthy():
            faults = len([n for n in o.notes if n.startswith("failed ")])
            text = "healthy: " + ", ".join(o.passed)
            return True, text + ("; %d failures provoked" % faults if faults else "")
        return False, judge.lasting(o.complaint())
    shown = judge.find(case.expect, o)
    if shown:
        return True, judge.lasting(shown)
    return False, "expected /%s/, but %s" % (
        case.expect, "nothing happened" if o.healthy() else o.complaint())


def main():
    args = parse()
    start = time.monotonic()
    try:
        kernel = image.Kernel(args.headers, os.path.join(args.build, "runtime"))
        group = tools.GROUPS[args.group](args, kernel)
        table = chosen(args, group.table)
        work = os.path.abspath(args.work)
        os.makedirs(work, exist_ok=True)
        built_tools = guest.build_tools(kernel, work)
        rows, modules, todo = {}, {}, []
        for case in table:
            said = group.prepare(case, work)
            rows[case.name] = said
            if said.module_folder:
                modules.update(guest.build_module(
                    said.module_folder, kernel, os.path.join(work, case.name)))
                todo.append(case)
        seen, boots = run_all(args, kernel, work, todo, modules, built_tools)
    except (image.ImageError, guest.GuestError) as e:
        print("runtime: " + str(e), file=sys.stderr)
        return 1

    good, results = True, []
    for case in table:
        said = rows[case.name]
        ran, did = verdict(case, seen.get(case.name)) if said.module_folder else (True, "not run")
        ok = ran and said.ok
        good &= ok
        print("%s %s %s: %s | %s" % ("PASS" if ok else "FAIL", kernel.series(),
                                     case.name, said.text, did))
        if not ok and case.name in seen:
            print("  " + "\n  ".join(seen[case.name].log[-60:]))
        results.append({"sample": case.name, "group": args.group, "ok": ok,
                        "kernel": kernel.release, "tool": said.text, "did": did})
    print("%d samples in %d boots of %s, ready after %s s, %.0f s in all"
          % (len(table), len(boots), kernel.release,
             "/".join("%.1f" % b.ready for b in boots), time.monotonic() - start))
    if not args.only and not args.steps and not args.breaks:
        group.record(results, {"boots": len(boots), "ready": [b.ready for b in boots],
                               "seconds": round(sum(b.seconds for b in boots), 1),
                               "total": round(time.monotonic() - start, 1)})
        evidence.write(os.path.join(args.build, "runtime"))
    return 0 if good else 2


if __name__ == "__main__":
    sys.exit(main())
