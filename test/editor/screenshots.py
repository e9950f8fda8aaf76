# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pictures of Neovim in a terminal, while it fixes a driver: types keys into a
real Neovim on a pseudo terminal, and draws what the terminal (pyte) then shows.

  screenshots.py CLANGD FOLDER OUTPUT     FOLDER holds norelease.c
"""
import html
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
CELL, LINE, SIZE = 7.8, 17, 13
HERE = os.path.dirname(os.path.abspath(__file__))
# pyte takes these for colours: they ask a terminal about its keyboard.
QUESTIONS = re.compile(rb"\x1b\[[>?][0-9;]*m")
NAMED = {"black": "000000", "red": "cd3131", "green": "0dbc79", "brown": "b58900",
         "blue": "2472c8", "magenta": "bc3fbc", "cyan": "11a8cd", "white": "e5e5e5"}
PAPER, INK = "1e1e1e", "d4d4d4"


class Terminal:
    def __init__(self, command, folder, environment):
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        self.master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.process = subprocess.Popen(command, cwd=folder, env=environment, stdin=slave,
                                        stdout=slave, stderr=subprocess.DEVNULL,
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
                sys.exit("screenshots: it never came; the screen:\n" + "\n".join(self.text()))

    def type(self, keys):
        os.write(self.master, keys.encode())


def colour(name, otherwise):
    name = NAMED.get(name, name)
    return otherwise if name == "default" else name


def runs(row):
    """The cells of a row, joined where they look the same: (column, text, look)."""
    joined = []
    for column in range(COLUMNS):
        cell = row[column]
        ink, paper = colour(cell.fg, INK), colour(cell.bg, PAPER)
        look = ((paper, ink) if cell.reverse else (ink, paper)) + (cell.bold, cell.underscore)
        if joined and joined[-1][2] == look:
            joined[-1][1] += cell.data
        else:
            joined.append([column, cell.data, look])
    return joined


def picture(screen):
    """The screen as SVG; its <desc> holds the text, for who cannot see it."""
    width, height = COLUMNS * CELL + 16, ROWS * LINE + 16
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" '
           'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="%d">'
           % (width, height, SIZE),
           "<desc>" + html.escape("\n".join(l.rstrip() for l in screen.display), quote=False) + "</desc>",
           '<rect width="100%%" height="100%%" rx="6" fill="#%s"/>' % PAPER]
    for number in range(ROWS):
        top = 8 + number * LINE
        for column, text, (ink, paper, bold, underline) in runs(screen.buffer[number]):
            left = 8 + column * CELL
            if paper != PAPER:
                out.append('<rect x="%g" y="%g" width="%g" height="%g" fill="#%s"/>'
                           % (left, top, len(text) * CELL, LINE, paper))
            for word in re.finditer(r"\S+(?: \S+)*", text): # renderers fold spaces
                out.append('<text x="%g" y="%g" textLength="%g" fill="#%s"%s%s>%s</text>'
                           % (left + word.start() * CELL, top + 13, len(word[0]) * CELL, ink,
                              ' font-weight="bold"' if bold else "",
                              ' text-decoration="underline"' if underline else "",
                              html.escape(word[0], quote=False)))
    return "\n".join(out + ["</svg>", ""])


def main(clangd, folder, output):
    os.makedirs(output, exist_ok=True)
    environment = dict(os.environ, TERM="xterm-256color", VFIO_CLANGD=clangd)
    terminal = Terminal(["nvim", "-u", os.path.join(HERE, "Inputs", "init.lua"), "norelease.c"],
                        folder, environment)

    def take(name):
        with open(os.path.join(output, name + ".svg"), "w") as file:
            file.write(picture(terminal.screen))

    terminal.wait(lambda text: "norelease.c" in text)
    terminal.type("/norelease_ops =\r")
    terminal.wait(lambda text: "Ops table" in text)
    terminal.type("zz e")
    terminal.wait(lambda text: "Diagnostics:" in text)
    take("neovim-diagnostic")
    terminal.type("0 a") # moving closes the window
    terminal.wait(lambda text: "Fix vfio-missing-release" in text)
    take("neovim-actions")
    terminal.type("1\r")
    terminal.wait(lambda text: ".release = vfio_free_device" in text
                  and "Ops table" not in text and "Fix vfio" not in text)
    take("neovim-fixed")
    terminal.type(":wq\r")
    while terminal._feed(2): # it writes until it ends
        pass
    terminal.process.wait(timeout=20)


if __name__ == "__main__":
    main(*sys.argv[1:])
