# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""one-line.py COMMAND WORDS: the command prints one error line of ours, which has
these words, and ends in the status 1. With --any, any lines of ours and any status of
ours will do: the limit may leave enough, or the loader may fail first."""
import subprocess
import sys

any_lines = sys.argv[1] == "--any"
command = sys.argv[2 if any_lines else 1]
done = subprocess.run(["bash", "-c", command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                      text=True, timeout=120)
said = done.stderr
assert "PLEASE submit a bug report" not in said and "Stack dump" not in said, said
assert "LLVM ERROR" not in said and "terminate called" not in said, said
if any_lines:
    assert done.returncode in (0, 1, 2, 127), (done.returncode, said)
else:
    assert done.returncode == 1, (done.returncode, said)
    errors = [line for line in said.splitlines() if "error: " in line]
    assert len(errors) == 1 and sys.argv[2] in errors[0], said
