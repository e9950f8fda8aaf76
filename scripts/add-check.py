#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes a new check: source, header, test, page and row, all under one stem.
What it makes builds, and its test passes: it warns of a function that is called
replace_me. From there, write the test, then the check.

With --path it is a check over the path engine: a kind of finding in
lifecycle/Finding.h, a row in contracts/Protocol.def that gives rise to it (a
device that is registered after its put), and a check that words it. From there,
write the test, then the row; contracts/Protocol.h has the words for rows."""
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

PATH_HEADER = """{title}{license}#ifndef VFIO_CHECKS_{guard}CHECK_H
#define VFIO_CHECKS_{guard}CHECK_H

#include "checks/FindingCheck.h"

namespace vfio::checks {{

/// {summary}.
///
/// docs/checks/{name}.md
class {stem}Check : public FindingCheck {{
public:
  using FindingCheck::FindingCheck;

protected:
  std::optional<Wording> wordFinding(const Finding &F,
                                     const TUModel &Model) override;
}};

}} // namespace vfio::checks

#endif // VFIO_CHECKS_{guard}CHECK_H
"""

PATH_SOURCE = """{title}{license}
#include "checks/{stem}Check.h"

using namespace clang;

namespace vfio::checks {{

std::optional<Wording> {stem}Check::wordFinding(const Finding &F,
                                                const TUModel &) {{
  // The engine has found it; here is only what to say, and the fix.
  if (F.Kind != FindingKind::{stem})
    return std::nullopt;
  return Wording{{"the device is registered after its put", {{}}}};
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

PATH_TEST = """// RUN: %check_vfio %s vfio-{name} %t -gen=6.2

#include <linux/vfio.h>

struct tray {{
	struct vfio_device vdev;
}};

static const struct vfio_device_ops tray_ops = {{ .name = "tray" }};

static int spilt_probe(struct device *dev)
{{
	struct tray *t = vfio_alloc_device(tray, vdev, dev, &tray_ops);

	if (IS_ERR(t))
		return PTR_ERR(t);
	vfio_put_device(&t->vdev);
	return vfio_register_group_dev(&t->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the device is registered after its put [vfio-{name}]
}}

/* Right, and near to it: nothing may be said of this. */
static int kept_probe(struct device *dev)
{{
	struct tray *t = vfio_alloc_device(tray, vdev, dev, &tray_ops);
	int ret;

	if (IS_ERR(t))
		return PTR_ERR(t);
	ret = vfio_register_group_dev(&t->vdev);
	if (ret)
		vfio_put_device(&t->vdev);
	return ret;
}}

int (*const probes[])(struct device *dev) = {{ spilt_probe, kept_probe }};
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


def insert(path, before, text):
    """Puts text before a place of a file that there is once."""
    with open(path) as file:
        old = file.read()
    if old.count(before) != 1:
        sys.exit("add-check: %s is not as it was: where is '%s'?" % (path, before.strip()))
    with open(path, "w") as file:
        file.write(old.replace(before, text + before))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="as in vfio-NAME: lower case, with hyphens")
    parser.add_argument("--summary", default="Finds a function that should be replaced",
                        help="one sentence without a full stop")
    parser.add_argument("--path", action="store_true",
                        help="a check over the path engine's findings")
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
        "checks/%sCheck.h" % stem: (PATH_HEADER if arguments.path else HEADER, stem + "Check.h"),
        "checks/%sCheck.cpp" % stem: (PATH_SOURCE if arguments.path else SOURCE,
                                      stem + "Check.cpp"),
        "test/checks/%s.c" % name: (PATH_TEST if arguments.path else TEST, ""),
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

    insert(os.path.join(arguments.root, "checks", "Checks.def"), "\n#undef CHECK",
           'CHECK(%s, "%s", "all", "no",\n      "%s")\n' % (stem, name, arguments.summary))
    print("added a row to checks/Checks.def")
    if arguments.path:
        insert(os.path.join(arguments.root, "lifecycle", "Finding.h"),
               "\n};\n\n/// Another place of the story.",
               ",\n  // vfio-%s: %s.\n  %s" % (name, arguments.summary, stem))
        print("added a kind to lifecycle/Finding.h")
        insert(os.path.join(arguments.root, "contracts", "Protocol.def"), "\n#undef STEP",
               "\nMISUSE(Register, AfterPut, %s, Put)\n" % stem)
        print("added a row to contracts/Protocol.def")
    subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "gen-docs.py"),
                    "--root", arguments.root], check=True)


if __name__ == "__main__":
    main()
