# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes a function one that has more ways through it than the engine follows.

  many-locks.py SOURCE LINE COUNT

Before the first line of SOURCE that has LINE in it, locks are taken, each or
not, and given back behind 450 lines: 2 to the power of COUNT states that all say
something else. Printed.
"""
import sys

source, line, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(source) as file:
    text = file.read()
at = text.rindex("\n", 0, text.index(line)) + 1
locks = "".join("static DEFINE_MUTEX(many_%d);\n" % i for i in range(count))
body = "".join("\tif (many_bits & %d)\n\t\tmutex_lock(&many_%d);\n" % (1 << i, i) for i in range(count))
body += "\tmany_sum += many_bits;\n" * 450
body += "".join("\tif (many_bits & %d)\n\t\tmutex_unlock(&many_%d);\n" % (1 << i, i) for i in range(count))
first = text.index("\nstatic ") + 1
print(text[:first] + "static unsigned long many_bits, many_sum;\n" + locks + text[first:at] + body + text[at:], end="")
