#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes docs/contracts.md from the tables of contracts/. With --check writes
nothing, and fails where the page is stale."""
import argparse
import os
import re
import sys

FAILURES = {"None": "–", "Errno": "a negative errno", "NullPtr": "NULL",
            "ErrorPtr": "an ERR_PTR, never NULL"}
TAKEN = {"Always": "", "ZeroResult": " (if 0)", "NotNegative": " (if no errno)",
         "TrueResult": " (if true)", "NotNull": " (if not NULL)",
         "CountResult": " (if no errno)", "NotError": " (if no ERR_PTR)", "NotErrorOrNull": " (if neither NULL nor ERR_PTR)"}


def read(root, name):
    with open(os.path.join(root, "contracts", name)) as file:
        return file.read()


def rows_of(text):
    """Each NAME(arguments) at the start of a line, in order."""
    text = re.sub(r"//.*", "", text)
    for match in re.finditer(r"^(\w+)(?:\(([^()]*)\))?\s*$", text, re.M):
        arguments = [a.strip() for a in (match[2] or "").split(",")]
        yield match[1], arguments


def roles(root):
    """What each role is, from the comments of the enum."""
    text = read(root, "ApiTable.h")
    body = re.search(r"enum class Role \{(.*?)\n\};", text, re.S)[1]
    for match in re.finditer(r"^  (\w+),?[ \t]*///<((?:.*\n)(?:[ \t]+///<.*\n)*)",
                             body + "\n", re.M):
        words = " ".join(re.sub(r"\s*///<", " ", match[2]).split())
        yield match[1], words.replace("\\c ", "")


def api(root):
    """The rows of ApiTable.def by role, macros for memory included."""
    text = read(root, "ApiTable.def")
    found = {}
    for name, arguments in rows_of(re.sub(r"(?ms)^#define.*?[^\\]\n", "", text)):
        if name == "API":
            row = (arguments[0], arguments[1], arguments[2], arguments[6])
        elif name == "MEMORY":
            row = (arguments[0], "Allocate", "-1", "NullPtr")
        else:
            sys.exit("contracts/ApiTable.def: what is a row %s?" % name)
        found.setdefault(row[1], []).append(row)
    return found


def argument(at, otherwise):
    return otherwise if at == "-1" else "argument %d" % (int(at) + 1)


def functions(root):
    """A line for each role, and for each place that it speaks of."""
    yield "| what it does | functions | to what | when it fails |"
    yield "|---|---|---|---|"
    known, said = api(root), "the same"
    for role, words in roles(root):
        said = said if words == '"' else words
        alike = {}
        for name, _, subject, outcome in known.pop(role, []):
            alike.setdefault((subject, outcome), []).append("`%s`" % name)
        for (subject, outcome), names in alike.items():
            yield "| %s | %s | %s | %s |" % (said, ", ".join(names),
                                             argument(subject, "what it returns"),
                                             FAILURES[outcome])
    for role in known:
        sys.exit("contracts/ApiTable.h: the role %s has no comment" % role)


def others(root):
    """A table for each contract of OtherContracts.def."""
    what = dict(roles(root))
    ends, held = [], []

    def rest():
        if ends:
            yield "\nThe last put frees the structure where a function of the driver's in %s does." % (
                " or ".join(ends))
        for member, number in held:
            yield "\nWhoever calls %s holds a reference to %s." % (
                member, argument(number, "").strip())
        del ends[:], held[:]

    for name, arguments in rows_of(re.sub(r'"[^"]*"', "-", read(root, "OtherContracts.def"))):
        if name == "ENDS":
            ends.append("`%s.%s`" % tuple(arguments))
        elif name == "HELD":
            held.append(("`%s.%s`" % tuple(arguments[:2]), arguments[2]))
        elif name == "CONTRACT":
            yield from rest()
            yield "\nThe check `lifecycle-%s`, of structures with a `struct %s` in them:\n" % tuple(arguments[:2])
            yield "| what it does | function | to what | when it fails |"
            yield "|---|---|---|---|"
        elif name == "API":
            yield "| %s | `%s` | %s | %s |" % (what[arguments[1]], arguments[0],
                                               argument(arguments[2], "what it returns"),
                                               FAILURES[arguments[6]])
    yield from rest()


class Group:
    def __init__(self, kind):
        self.kind, self.takes, self.gives, self.keys = kind, [], [], []

    def line(self):
        return "| %s | %s | %s | %s |" % (
            self.kind, ", ".join(self.takes) or "–",
            " or ".join(dict.fromkeys(self.keys)) or "–",
            ", ".join(self.gives) or "the same, the other way")


def pairs(root):
    yield "| what | taken by | what stands for it | given back by |"
    yield "|---|---|---|---|"
    groups = []
    rows = [*rows_of(read(root, "ResourceTable.def")),
            *rows_of(read(root, "CallbackResources.def")),
            *rows_of(read(root, "DeviceResources.def"))]
    for name, arguments in rows:
        if name == "GROUP":
            groups.append(Group(arguments[0]))
        elif name in ("TAKE", "TAKE_LATER", "CHANGE"):
            groups[-1].takes.append("`%s`%s" % (arguments[0], TAKEN[arguments[2]]))
            groups[-1].keys.append(argument(arguments[1], "the result"))
        elif name == "TAKE_NEXT":
            groups[-1].takes.append("`%s` (if not NULL; it gives back %s)" %
                                    (arguments[0], argument(arguments[1], "any")))
            groups[-1].keys.append("the result")
        elif name in ("TAKE_ONE", "TAKE_ONE_BEFORE"):
            groups[-1].takes.append("`%s` (if no errno)" % arguments[0])
            groups[-1].keys.append("the result")
        elif name == "SCOPED":
            groups[-1].takes.append("`%s`" % arguments[0])
            groups[-1].keys.append(argument(arguments[1], "the result"))
            groups[-1].gives.append("the end of the variable's scope")
        elif name in ("GIVE", "GIVE_LATER", "GIVE_NOW", "GIVE_NULL", "GIVE_BOTH"):
            more = ""
            if name == "GIVE_NOW":
                more = ", which does not wait, as `%s` does" % arguments[2]
            elif name == "GIVE_NULL":
                more = " where %s is NULL" % argument(arguments[2], "any")
            elif name == "GIVE_BOTH":
                more = ", and what `%s` does" % arguments[2]
            groups[-1].gives.append("`%s` (%s)%s" % (
                arguments[0], argument(arguments[1], "any"), more))
        elif name not in ("OTHER_LIVES", "SPINS", "SHARES", "OF", "OVER", "FINAL", "FILLS",
                          "WITHIN", "WITHIN_KEPT", "AROUND"):
            sys.exit("contracts/ResourceTable.def: what is a row %s?" % name)
    for group in groups:
        yield group.line()


def heaps(root):
    yield "| memory | functions |"
    yield "|---|---|"
    heaps = {}
    for name, arguments in rows_of(read(root, "Heaps.def")):
        if name in ("HEAP", "NEAR_NODE", "COPY", "ARRAY", "ARRAY_NEAR_NODE"):
            heaps.setdefault(arguments[1], []).append("`%s`" % arguments[0])
        elif name not in ("CLEANUP", "CLEANUP_PUT"):
            sys.exit("contracts/Heaps.def: what is a row %s?" % name)
    for heap, functions in heaps.items():
        yield "| %s | %s |" % (heap, ", ".join(functions))


def by_meaning(root, row, enum, stem):
    """A table of rows that have a function and a value of an enum."""
    yield "| what it is | functions |"
    yield "|---|---|"
    meaning, found = words(root, enum, stem + ".h"), {}
    for name, arguments in rows_of(read(root, stem + ".def")):
        if name == row:
            found.setdefault(arguments[1], []).append("`%s`" % arguments[0])
    for what, functions in found.items():
        yield "| %s | %s |" % (meaning[what], ", ".join(functions))


def lists(root, name, meaning):
    """A table of the functions of each kind of row, where many are on a line."""
    yield "| what it does | functions |"
    yield "|---|---|"
    text = re.sub(r"(?m)//.*|^#define(?:.*\\\n)*.*", "", read(root, name))
    for row, what in meaning.items():
        functions = re.findall(r"\b%s\((\w+)" % row, text)
        if not functions:
            sys.exit("contracts/%s: there is no row %s" % (name, row))
        yield "| %s | %s |" % (what, ", ".join("`%s`" % f for f in functions))


KERNEL = {"LOOKS": "nothing to a life: it looks, copies, initialises, locks",
          "UNLINKS": "takes a structure out of a list, or moves it to another",
          "COUNTS_ALL": "the functions of these counters answer what they find",
          "COUNTS": "answers what it finds in its arguments, which it may change",
          "TRIES": "answers whether it could do something",
          "DEFERS": "somebody else runs, or goes on, because of it",
          "MEMBER": "gives the struct device of its argument, or what that is in",
          "PASSES": "returns its first argument", "PASSES_ERROR": "returns its second argument"}
PRIVATE = {"PRIVATE": "touches nothing but what it is given",
           "COUNTER": "the functions of these counters do the same",
           "READS": "changes nothing", "PURE": "gives what stands in its argument, or around it"}

CELLS = {"COUNTER": "the functions of these counters count, set, exchange or ask one word",
         "BIT": "sets, clears, changes or asks a bit", "CHOSEN": "the same, in all spellings of the header",
         "CELL": "puts a value into a bit"}
WRITES = {"COPIES": "copies memory as a whole", "FILLS": "fills it with one byte",
          "GROWS": "gives a buffer in a structure more memory or, where it fails, frees it",
          "STAYS": "lets that buffer be"}
SLEEPS = {"SLEEPS": "may sleep"}
HANDLERS = {"HANDLER": "has a function called where nothing may sleep"}
KEEPERS = {"KEEPS": "keeps what it is given, where it works; else that is still the caller's"}
CARRIERS = {"CARRIER": "structures of the kernel's: what is left in them goes with their own operations"}


def iommufd(root):
    yield "| for devices that are | functions |"
    yield "|---|---|"
    found = {}
    for name, arguments in rows_of(read(root, "Iommufd.def")):
        if name == "IOMMUFD":
            found.setdefault(arguments[1].lower(), []).append("`%s`" % arguments[0])
    for family, functions in found.items():
        yield "| %s | %s |" % (family, ", ".join(functions))


def words(root, enum, header="Protocol.h"):
    """The comments of an enum."""
    body = re.search(r"enum class %s \{(.*?)\n\};" % enum, read(root, header), re.S)[1]
    return {m[1]: m[2].strip() for m in
            re.finditer(r"^  (\w+),?[ \t]*///<(.*)$", body, re.M)}


def protocol(root):
    yield "| what is done | in which state | is |"
    yield "|---|---|---|"
    ops, states = words(root, "Op"), words(root, "When")
    for name, arguments in rows_of(read(root, "Protocol.def")):
        if name in ("MISUSE", "FINE"):
            what = "`%s`" % arguments[2] if name == "MISUSE" else "no mistake"
            yield "| %s | %s | %s |" % (ops[arguments[0]], states[arguments[1]], what)


def page(root):
    return """# What the kernel's functions mean

<!-- this page: made by scripts/gen-contracts.py from contracts/ -->

What the programs know of the kernel's functions, by exact name: `contracts/ApiTable.def` and `contracts/ResourceTable.def`. A function that a new
kernel brings is a row there. Names of a driver's own functions mean nothing.

## The life of a device, memory, and the values that lead to them

%s

## What is a mistake, and when

Rows of `contracts/Protocol.def`. Of what is done, the first row whose state holds counts; the mistakes have their names from `lifecycle/Finding.h`.

%s

## What is taken and given back

%s

## Kinds of memory

Rows of `contracts/Heaps.def`: which function frees what which allocator gave.

%s

## Waiting

Rows of `contracts/Waits.def`: what is over when a function returns, or goes on because of it.

%s

## What single rules ask

Rows of `contracts/Tells.def`: what a call tells of its caller.

%s

## Functions that end no life

Rows of `contracts/KernelTable.def`, where the signature does not say it.

%s

## Functions that concern their arguments alone

Rows of `contracts/PrivateCalls.def`: what a conversion may move.

%s

## Words by which a driver keeps books

Rows of `contracts/Cells.def`: their answers tell what was taken.

%s

## Memory as a whole

Rows of `contracts/Memory.def`.

%s

## Sleeping

Rows of `contracts/Sleepers.def` and `contracts/Handlers.def`.

%s

## Structures that carry something

Rows of `contracts/Carriers.def`.

%s

## Functions that keep what they are given

Rows of `contracts/Keepers.def`.

%s

## iommufd

Rows of `contracts/Iommufd.def`: what the operations of the ops table are set to.

%s

## Other devices

Rows of `contracts/OtherContracts.def`, for subsystems besides VFIO. Their checks are off; `--checks=lifecycle-*` asks for them, in the sources that are named, or that name one of these functions in a folder.
%s
""" % ("\n".join(functions(root)), "\n".join(protocol(root)),
       "\n".join(pairs(root)), "\n".join(heaps(root)),
       "\n".join(by_meaning(root, "WAIT", "Wait", "Waits")),
       "\n".join(by_meaning(root, "TELLS", "Tell", "Tells")),
       "\n".join(lists(root, "KernelTable.def", KERNEL)),
       "\n".join(lists(root, "PrivateCalls.def", PRIVATE)),
       "\n".join(lists(root, "Cells.def", CELLS)),
       "\n".join(lists(root, "Memory.def", WRITES)),
       "\n".join([*lists(root, "Sleepers.def", SLEEPS), *list(lists(root, "Handlers.def", HANDLERS))[2:]]),
       "\n".join(lists(root, "Carriers.def", CARRIERS)),
       "\n".join(lists(root, "Keepers.def", KEEPERS)), "\n".join(iommufd(root)),
       "\n".join(others(root)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--root", help=argparse.SUPPRESS,
                        default=os.path.join(os.path.dirname(__file__), ".."))
    arguments = parser.parse_args()
    path = os.path.join(arguments.root, "docs", "contracts.md")
    new, old = page(arguments.root), ""
    if os.path.exists(path):
        with open(path) as file:
            old = file.read()
    if arguments.check and old != new:
        sys.exit("docs/contracts.md is stale: run scripts/gen-contracts.py")
    if not arguments.check:
        with open(path, "w") as file:
            file.write(new)


if __name__ == "__main__":
    main()
