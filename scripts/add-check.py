#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes a new check: source, header, test, page and row, all under one stem.
What it makes builds, and its test passes: it warns of a function that is called
replace_me. From there, write the test, then the check."""
import argparse
import os
import re
import subprocess
import sys

LICENSE = """//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
"""

HEADER = """{title}{license}#ifndef VFIO_CHECKS_{guard}CHECK_H
#define VFIO_CHECKS_{guard}CHECK_H

#include "checks/DriverCheck.h"

namespace vfio::checks {{

/// {summary}.
///
/// docs/checks/{name}.md
class {stem}Check : public DriverCheck {{
public:
  using DriverCheck::DriverCheck;

protected:
  void report(const TUModel &Model, clang::ASTContext &Context) override;
}};

}} // namespace vfio::checks

#endif // VFIO_CHECKS_{guard}CHECK_H
"""

SOURCE = """{title}{license}
#include "checks/{stem}Check.h"

using namespace clang;

namespace vfio::checks {{

void {stem}Check::report(const TUModel &Model, ASTContext &Context) {{
  // Ask the model for the facts (lifecycle/TUModel.h); a check words them.
  for (const FunctionDecl *F : Model.Functions)
    if (F->getName() == "replace_me")
      diag(F->getLocation(), "function %0 should be replaced") << F;
}}

}} // namespace vfio::checks
"""

TEST = """// RUN: %check_vfio %s vfio-{name} %t -gen=all

#include <linux/vfio.h>

void replace_me(void)
// CHECK-MESSAGES: :[[@LINE-1]]:6: warning: function 'replace_me' should be replaced [vfio-{name}]
{{
}}

/* Right, and near to it: nothing may be said of this. */
void keep_me(void)
{{
}}
"""

PAGE = """# vfio-{name}

{summary}.

## What it finds

## Why it matters

## Example

## What it does not find

## How to silence it

    /* NOLINTNEXTLINE(vfio-{name}): why it is right here */
"""


def title(name, summary):
    head = "//===- %s - " % name
    room = 80 - len(head) - len(" -===//")
    text = summary if len(summary) <= room else "A check"
    return (head + text + " ").ljust(80 - len("===//"), "-") + "===//\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="as in vfio-NAME: lower case, with hyphens")
    parser.add_argument("--summary", default="Finds a function that should be replaced",
                        help="one sentence without a full stop")
    parser.add_argument("--root", help=argparse.SUPPRESS,
                        default=os.path.join(os.path.dirname(__file__), ".."))
    arguments = parser.parse_args()
    name = re.sub("^vfio-", "", arguments.name)
    if not re.fullmatch("[a-z]+(-[a-z]+)*", name):
        sys.exit("add-check: '%s' is no name: lower case, with hyphens" % name)
    stem = "".join(word.capitalize() for word in name.split("-"))
    fields = {"name": name, "stem": stem, "guard": stem.upper(),
              "summary": arguments.summary, "license": LICENSE}

    files = {
        "checks/%sCheck.h" % stem: (HEADER, stem + "Check.h"),
        "checks/%sCheck.cpp" % stem: (SOURCE, stem + "Check.cpp"),
        "test/checks/%s.c" % name: (TEST, ""),
        "docs/checks/%s.md" % name: (PAGE, ""),
    }
    for path in files:
        if os.path.exists(os.path.join(arguments.root, path)):
            sys.exit("add-check: %s is there already" % path)
    for path, (template, file_title) in files.items():
        full = os.path.join(arguments.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w") as file:
            file.write(template.format(title=title(file_title, arguments.summary), **fields))
        print("made " + path)

    table = os.path.join(arguments.root, "checks", "Checks.def")
    with open(table) as file:
        text = file.read()
    row = 'CHECK(%s, "%s", "all", "no",\n      "%s")\n\n#undef CHECK' % (
        stem, name, arguments.summary)
    with open(table, "w") as file:
        file.write(text.replace("\n#undef CHECK", row))
    print("added a row to checks/Checks.def")
    subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "gen-docs.py"),
                    "--root", arguments.root], check=True)


if __name__ == "__main__":
    main()
