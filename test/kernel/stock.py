#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a clang-tidy with our plugin over all of a database, and wants silence
but for the bugs that are known (docs/found.md).

  stock.py CLANG-TIDY PLUGIN DIR

Sources for other machines than x86 are left out: the headers that a build would
generate for them are only in vfio-tidy's memory.
"""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

KNOWN = ("ops table 'vfio_cdx_ops' has some of the iommufd operations, but no '.detach_ioas'",
         # gvt's kvmgt.c
         "the memory taken by 'kzalloc' is lost when 'intel_gvt_set_edid' returns here",
         # mtty.c of 6.1
         "the reference taken by 'eventfd_ctx_fdget' is never given back: there is no '.close_device'",
         "'client_id' is set after the device was registered, but 'pds_vfio_close_device'")


def main():
    tidy, plugin, folder = sys.argv[1:]
    with open(os.path.join(folder, "compile_commands.json")) as file:
        files = sorted({entry["file"] for entry in json.load(file)
                        if "--target=x86_64-linux-gnu" in entry["arguments"]})

    def check(path):
        done = subprocess.run([tidy, "--load=" + plugin, "--checks=-*,vfio-*", "--quiet", "-p", folder, path],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = [l for l in done.stdout.splitlines()
                if ("warning: " in l or "error: " in l) and not any(k in l for k in KNOWN)]
        return said or (["%s: error: exit status %d" % (path, done.returncode)] if done.returncode else [])

    with ThreadPoolExecutor(2) as pool:
        said = [line for lines in pool.map(check, files) for line in lines]
    print("\n".join(said) if said else "%d files, all silent" % len(files))
    sys.exit(bool(said))


if __name__ == "__main__":
    main()
