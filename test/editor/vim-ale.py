# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Types keys into a real Vim with ALE, which is set up as docs/editors.md says: sees
the diagnostic, takes its fix, saves.

  vim-ale.py FOLDER KERNEL     FOLDER holds norelease.c; vfio-clangd is in PATH, and
                               the set-up in HOME: with vim -u, Vim is only a vi
"""
import os
import subprocess
import sys

from terminal import Terminal


def main(folder, kernel):
    print(subprocess.check_output(["vim.basic", "--version"], text=True).split("(")[0])
    terminal = Terminal(["vim.basic", "--cmd", "let g:ale_c_clangd_options = "
                         "'--background-index=false --kernel=%s'" % kernel, "norelease.c"], folder, dict(os.environ, TERM="xterm-256color"))
    terminal.wait(lambda text: "norelease.c" in text)
    terminal.type("/norelease_ops =\r")
    terminal.wait(lambda text: "vfio-missing-release: Ops table" in text)
    print("\n".join(line for line in terminal.text() if "Ops table" in line))
    terminal.type(":ALECodeAction\r")
    terminal.wait(lambda text: "Fix vfio-missing-release" in text)
    print("\n".join(line for line in terminal.text() if ") Fix" in line))
    terminal.type("1\r")
    terminal.wait(lambda text: ".release = vfio_free_device" in text and ") Fix" not in text)
    terminal.type(":wq\r")
    terminal.finish()
    print("saved")


main(*sys.argv[1:])
