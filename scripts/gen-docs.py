#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the tables of checks from checks/Checks.def: in README.md, between the
marks, and docs/checks/README.md. With --check writes nothing, and fails where
one of them is stale, a check lacks its source, test or page, or a page has a
section with nothing in it."""
import argparse
import glob
import os
import re
import sys

BEGIN = "<!-- checks: made by scripts/gen-docs.py from checks/Checks.def -->"
END = "<!-- end of checks -->"
SECTIONS = ["What it finds", "Why it matters", "Example", "What it does not find",
            "How to silence it"]


class Check:
    def __init__(self, stem, name, generations, fixes, summary):
        self.stem, self.name, self.summary = stem, name, summary
        self.generations, self.fixes = generations, fixes

    def row(self, page):
        return "| [`vfio-%s`](%s) | %s | %s | %s |" % (
            self.name, page, self.summary, self.generations, self.fixes)


def read_checks(root):
    with open(os.path.join(root, "checks", "Checks.def")) as file:
        text = re.sub(r"//.*", "", file.read())
    string = r'((?:"[^"]*"\s*)+)'
    row = r"CHECK\((\w+),\s*" + r",\s*".join([string] * 4) + r"\)"
    rows = []
    for match in re.finditer(row, text):
        strings = ["".join(re.findall(r'"([^"]*)"', s)) for s in match.groups()[1:]]
        rows.append(Check(match.group(1), *strings))
    if len(rows) != len(re.findall(r"^CHECK\(", text, re.M)):
        sys.exit("checks/Checks.def: a row is not as its head comment says")
    return rows


def table(checks, folder):
    lines = ["| check | finds | kernel generations | fix-its |", "|---|---|---|---|"]
    return "\n".join(lines + [c.row(folder + c.name + ".md") for c in checks])


def index(checks):
    return """# The checks

%s

%s

The generations are those of the VFIO driver API: `group-dev` (5.13 to 6.0), `transition` (both models declared), `6.1` (the driver's
`@release` frees the structure), `6.2` (6.2 and later: the core frees it). A translation unit's generation is read from the
declarations that it sees, not from a version number.
""" % (BEGIN.replace("checks:", "this page:"), table(checks, ""))


def readme(checks, old):
    block = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.S)
    if not block.search(old):
        sys.exit("README.md: has no place for the table of checks (%s)" % BEGIN)
    new = "%s\n%s\n%s" % (BEGIN, table(checks, "docs/checks/"), END)
    return block.sub(lambda _: new, old)


def kebab(stem):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", stem).lower()


def missing_parts(root, checks):
    """What a check must have, and what is there without a check."""
    for check in checks:
        if kebab(check.stem) != check.name:
            yield "Checks.def: %s should be named %s" % (check.stem, kebab(check.stem))
        for pattern in ("checks/%sCheck.cpp" % check.stem,
                        "checks/%sCheck.h" % check.stem,
                        "test/checks/%s*.c" % check.name):
            if not glob.glob(os.path.join(root, pattern)):
                yield "vfio-%s has no %s" % (check.name, pattern)
        yield from page_faults(root, check)
    names = {c.name for c in checks} | {"README"}
    for page in glob.glob(os.path.join(root, "docs", "checks", "*.md")):
        if os.path.basename(page)[:-3] not in names:
            yield "docs/checks/%s belongs to no check" % os.path.basename(page)
    yield from empty_sections(root)


def page_faults(root, check):
    page = "docs/checks/%s.md" % check.name
    try:
        with open(os.path.join(root, page)) as file:
            text = file.read()
    except FileNotFoundError:
        yield "vfio-%s has no %s" % (check.name, page)
        return
    if not text.startswith("# vfio-%s\n" % check.name):
        yield "%s: its title should be # vfio-%s" % (page, check.name)
    for section in SECTIONS:
        if not re.search("^## " + section + "$", text, re.M):
            yield "%s: has no section ## %s" % (page, section)


def empty_sections(root):
    """A heading of a page with nothing below it says that it was forgotten."""
    pages = [os.path.join(root, f) for f in os.listdir(root) if f.endswith(".md")]
    pages += glob.glob(os.path.join(root, "docs", "**", "*.md"), recursive=True)
    for page in sorted(pages):
        with open(page) as file:
            text = re.sub(r"^(```|~~~).*?^\1", "code", file.read(), flags=re.S | re.M)
        parts = re.split(r"^(#+) (.*)$", text, flags=re.M)[1:]
        levels, titles, bodies = parts[::3], parts[1::3], parts[2::3]
        for i, body in enumerate(bodies):
            deeper = i + 1 < len(levels) and len(levels[i + 1]) > len(levels[i])
            if not body.strip() and not deeper:
                yield "%s: nothing below '%s'" % (os.path.relpath(page, root), titles[i])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--root", help=argparse.SUPPRESS,
                        default=os.path.join(os.path.dirname(__file__), ".."))
    arguments = parser.parse_args()
    checks = read_checks(arguments.root)
    faults = list(missing_parts(arguments.root, checks)) if arguments.check else []
    for name, make in (("README.md", lambda old: readme(checks, old)),
                       ("docs/checks/README.md", lambda old: index(checks))):
        path = os.path.join(arguments.root, name)
        old = ""
        if os.path.exists(path):
            with open(path) as file:
                old = file.read()
        new = make(old)
        if new == old:
            continue
        if arguments.check:
            faults.append(name + " is stale: run scripts/gen-docs.py")
            continue
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "w") as file:
            file.write(new)
    for fault in faults:
        print("gen-docs: " + fault)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
