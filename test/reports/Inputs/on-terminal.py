# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a command whose standard error is a terminal of 60 columns, standard output a
file; prints what the terminal was sent, its control characters written out.

  on-terminal.py OUTPUT COMMAND...
"""
import os
import pty
import struct
import subprocess
import sys
import termios
from fcntl import ioctl

master, slave = pty.openpty()
ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
with open(sys.argv[1], "wb") as output:
    process = subprocess.Popen(sys.argv[2:], stdin=slave, stdout=output, stderr=slave,
                               env=dict(os.environ, TERM="xterm"))
os.close(slave)
sent = b""
while True:
    try:
        sent += os.read(master, 65536)
    except OSError: # nobody has the other end any more
        break
print(repr(sent.decode()).replace("\\x1b[K", "<clear>\n").replace("\\r", "<start>"))
print("status", process.wait())
