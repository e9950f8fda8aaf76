# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The wrong structure around a vfio_device."""
import re

from ..source import CONTAINER_OF, Edit, Mutant


def _sites(driver):
    """container_of on the vfio_device parameter of a callback of a table."""
    callbacks = {name for table in driver.tables for name in re.findall(r"=\s*(\w+),", table["body"])}
    for function in driver.functions.values():
        device = function.parameter("struct vfio_device")
        if not device or function.name not in callbacks:
            continue
        for match in CONTAINER_OF.finditer(driver.bare, function.body_begin, function.body_end):
            if match["of"] == device:
                yield function, match


OTHER = ("struct mutant_other {\n\tstruct %(outer)s {\n\t\tint before;\n\t\tstruct vfio_device vdev;\n\t} core;\n"
         "\tstruct vfio_device vdev;\n\tint more[8];\n};")


def wrong_structure(driver):
    """Another structure with a vfio_device in it."""
    other = "struct mutant_other {\n\tstruct vfio_device vdev;\n\tint more[64];\n};"
    for function, match in _sites(driver):
        edit = Edit(driver).before(function, other)
        edit.replace(match.start(), match.end(),
                     "(%s *)(void *)container_of(%s, struct mutant_other, vdev)" % (match["struct"], match["of"]))
        yield Mutant(driver, "other-structure-cast", "vfio-container-of-mismatch", edit.text(), [function.name])
        name = re.search(r"%s \*(\w+) =\s*$" % match["struct"], driver.bare[:match.start()])
        if not name:
            continue
        edit = Edit(driver).before(function, other)
        edit.replace(match.start(), match.end(), match[0] + ";\n\tstruct mutant_other *other =\n\t\t"
                     "container_of(%s, struct mutant_other, vdev)" % match["of"])
        edit.insert(function.after_declarations(), "\tother->more[0] = 1;\n")
        yield Mutant(driver, "other-structure", "vfio-container-of-mismatch", edit.text(), [function.name])


def wrong_offset(driver):
    """The right structure, the wrong place in it."""
    for function, match in _sites(driver):
        struct = re.compile(r"^%s \{\n" % match["struct"], re.M).search(driver.bare)
        if struct and "." not in match["member"]:
            end = driver.bare.index("\n};", struct.end()) + 1
            edit = Edit(driver).insert(end, "\tstruct vfio_device mutant_vdev;\n")
            edit.replace(match.start(), match.end(), "container_of(%s, %s, mutant_vdev)" % (
                match["of"], match["struct"]))
            yield Mutant(driver, "other-member", "vfio-container-of-mismatch", edit.text(), [function.name])
        for name, text in (("cast", "(%(t)s *)%(v)s"), ("void-cast", "(void *)%(v)s"),
                           ("arithmetic", "(%(t)s *)((char *)%(v)s - 8)"),
                           ("own-offset", "(%(t)s *)((char *)%(v)s - offsetof(%(t)s, %(m)s))")):
            edit = Edit(driver).replace(match.start(), match.end(), text % {
                "t": match["struct"], "v": match["of"], "m": match["member"]})
            yield Mutant(driver, "by-" + name, "vfio-container-of-mismatch", edit.text(), [function.name])


OPERATORS = (wrong_structure, wrong_offset)
