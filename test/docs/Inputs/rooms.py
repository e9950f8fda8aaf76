#!/usr/bin/env python3
"""Reads that includes only go down, and that the engine knows only C.

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


def main():
    found = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(found))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
