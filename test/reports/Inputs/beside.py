# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints the driver of that file with a function that has nothing to do with
the device, and nobody calls: pebble_count, with a comment for many-locks.py.

  beside.py SOURCE
"""
import sys

with open(sys.argv[1]) as file:
    text = file.read()
at = text.rindex("\nMODULE_LICENSE") if "\nMODULE_LICENSE" in text else len(text)
print(text[:at] + "\nvoid pebble_count(void)\n{\n\t/* many */\n}\n" + text[at:], end="")
