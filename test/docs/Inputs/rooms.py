#!/usr/bin/env python3
"""Reads that includes only go down, that the engine knows only C, and that no
rule knows a function of the kernel's by itself: these stand in tables.

Usage: rooms.py ROOT, the folder of the rooms.
"""
import pathlib
import re
import sys

# From the ground up. A room includes from those before it; kbuild and report
# stand apart from the engine and its rules.
FLOORS = ["engine", "contracts", "lifecycle", "checks", "rewriter", "tools"]
APART = {
    "kbuild": {"kbuild"},
    "report": {"report", "kbuild", "lifecycle", "contracts", "engine"},
}
# What a walk over C has no need to know.
WORDS = re.compile(r"vfio|mdev|kzalloc|kfree|pci", re.IGNORECASE)
# Rows of tables that begin with something else than a function's name.
NO_FUNCTION = {"CONTRACT", "ENDS", "HELD", "GROUP", "OF", "UNDONE", "CARRIER", "MISUSE", "FINE", "STEP"}


def functions(root):
    """The functions that the tables speak of."""
    found = set()
    for table in (root / "contracts").glob("*.def"):
        text = re.sub(r"(?m)//.*|^#define(?:.*\\\n)*.*", "", table.read_text(encoding="utf-8"))
        rows = re.findall(r"\b([A-Z_]+)\((\w+)", text)
        found |= {name for row, name in rows if row not in NO_FUNCTION}
    return found


def allowed(room):
    """The rooms that a file of `room` may include from."""
    if room in APART:
        return APART[room]
    below = set(FLOORS[: FLOORS.index(room) + 1])
    if room == "checks":
        below.add("kbuild")  # a check reads the driver's other sources
    if room in ("rewriter", "tools"):
        below |= set(APART)
    return below


def complaints(root):
    """Each arrow upwards, and each word that the engine must not know."""
    rooms = FLOORS + list(APART)
    include = re.compile(r'^#include "(%s)/' % "|".join(rooms))
    known = functions(root)
    for room in rooms:
        files = sorted(p for p in (root / room).rglob("*") if p.is_file())
        if not files:
            yield f"{room}/: no such room"
        for path in files:
            lines = path.read_text(encoding="utf-8").splitlines()
            for number, line in enumerate(lines, 1):
                where = f"{path.relative_to(root)}:{number}"
                found = include.match(line)
                if found and found[1] not in allowed(room):
                    yield f"{where}: {room} includes from {found[1]}, which is above it"
                if room == "engine" and WORDS.search(line):
                    yield f"{where}: the engine knows only C: {line.strip()}"
                if room in ("engine", "lifecycle"):
                    for name in known.intersection(re.findall(r'"(\w+)"', line)):
                        yield f"{where}: '{name}' is a row's business"


def main():
    found = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(found))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
