# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pictures of Neovim in a terminal, while it fixes a driver: types keys into a
real Neovim on a pseudo terminal, and draws what the terminal (pyte) then shows.

  screenshots.py CLANGD FOLDER OUTPUT     FOLDER holds norelease.c
"""
import html
import os
import re
import sys

from terminal import COLUMNS, ROWS, Terminal

CELL, LINE, SIZE = 7.8, 17, 13
HERE = os.path.dirname(os.path.abspath(__file__))
NAMED = {"black": "000000", "red": "cd3131", "green": "0dbc79", "brown": "b58900",
         "blue": "2472c8", "magenta": "bc3fbc", "cyan": "11a8cd", "white": "e5e5e5"}
PAPER, INK = "1e1e1e", "d4d4d4"


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
    terminal.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
