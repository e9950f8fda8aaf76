#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""few-files.py COMMAND...: runs it with so few file descriptors that it cannot work."""
import resource
import subprocess
import sys

done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (5, 5)))
print(done.stdout + "status %d" % done.returncode)
