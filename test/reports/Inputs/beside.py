# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints the driver of that file with another beside it that has nothing to do
with the device: its probe is pebble_many, with a comment for many-locks.py.

  beside.py SOURCE
"""
import sys

with open(sys.argv[1]) as file:
    text = file.read()
at = text.rindex("\nMODULE_LICENSE") if "\nMODULE_LICENSE" in text else len(text)
print(text[:at] + """
static int pebble_many(struct mdev_device *mdev)
{
	/* many */
	return 0;
}

struct mdev_driver pebble_beside = {
	.probe = pebble_many,
};
""" + text[at:], end="")
