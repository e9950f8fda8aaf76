# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every key in the JSON files stands in a page, in code font.
   formats.py PAGE FILE..."""
import json
import re
import sys


def keys(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


with open(sys.argv[1]) as file:
    named = set(re.findall(r"`(\w+)`", file.read()))
seen = set()
for path in sys.argv[2:]:
    with open(path) as file:
        seen |= set(keys(json.load(file)))
assert len(seen) > 5, seen
missing = sorted(seen - named)
if missing:
    sys.exit("%s does not say what these keys are: %s" % (sys.argv[1], ", ".join(missing)))
print("%d keys" % len(seen))
