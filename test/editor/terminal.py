# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A terminal for an editor in tests: types keys, and knows what the screen shows."""
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from fcntl import ioctl

import pyte

COLUMNS, ROWS = 116, 24
# pyte takes these for colours: they ask a terminal about its keyboard.
QUESTIONS = re.compile(rb"\x1b\[[>?][0-9;]*m")


class Terminal:
    def __init__(self, command, folder, environment):
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        self.master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.process = subprocess.Popen(command, cwd=folder, env=environment, stdin=slave,
                                        stdout=slave, stderr=slave,
                                        start_new_session=True)
        os.close(slave)

    def _feed(self, seconds):
        """False where nothing came for so long."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            self.stream.feed(QUESTIONS.sub(b"", os.read(self.master, 65536)))
        except OSError: # the editor has gone
            return False
        return True

    def text(self):
        return [line.rstrip() for line in self.screen.display]

    def wait(self, there, seconds=60):
        """Until the screen shows what there() looks for, and stands still."""
        end = time.monotonic() + seconds
        while self._feed(0.7) or not there("\n".join(self.text())):
            if time.monotonic() > end:
                self.process.kill()
                sys.exit("it never came; the screen:\n" + "\n".join(self.text()))

    def type(self, keys):
        os.write(self.master, keys.encode())

    def finish(self):
        """After the keys that end the editor."""
        while self._feed(2): # it writes until it ends
            pass
        self.process.wait(timeout=20)
