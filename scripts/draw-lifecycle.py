#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Draws the pictures of docs/lifecycle.md, each for light and for dark pages:
docs/images/life-*.svg. With --check writes nothing, and fails where one is stale."""
import argparse
import os
import sys
from xml.sax.saxutils import escape

# driver and core: who acts. good and bad: what comes of it.
THEMES = {
    "light": dict(page="#ffffff", ink="#1f2328", faint="#59636e", line="#818b98",
                  driver="#ddf4ff", driver_edge="#0969da", core="#fff8c5", core_edge="#9a6700",
                  bad="#ffebe9", bad_edge="#cf222e"),
    "dark": dict(page="#0d1117", ink="#e6edf3", faint="#9198a1", line="#6e7681",
                 driver="#121d2f", driver_edge="#4493f8", core="#272115", core_edge="#d29922",
                 bad="#25171c", bad_edge="#f85149"),
}
FONT = "DejaVu Sans, Verdana, sans-serif"
MONO = "DejaVu Sans Mono, Menlo, Consolas, monospace"


class Picture:
    """An SVG in the making. Places are in pixels, from the top left."""

    def __init__(self, theme, width, height, title):
        self.color = THEMES[theme]
        self.parts = [
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" '
            'font-family="%s" font-size="13">' % (width, height, FONT),
            "<title>%s</title>" % escape(title),
            '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
            'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="%s"/></marker></defs>'
            % self.color["line"],
            '<rect width="100%%" height="100%%" rx="6" fill="%s"/>' % self.color["page"]]

    def text(self, x, y, words, color="ink", anchor="start", mono=False, size=13, bold=False):
        self.parts.append(
            '<text x="%d" y="%d" fill="%s" text-anchor="%s" font-size="%d"%s%s>%s</text>'
            % (x, y, self.color[color], anchor, size,
               ' font-family="%s"' % MONO if mono else "",
               ' font-weight="bold"' if bold else "", escape(words)))

    def box(self, x, y, width, height, kind, lines):
        """A box of a kind (driver, core, bad); its first line is code."""
        self.parts.append(
            '<rect x="%d" y="%d" width="%d" height="%d" rx="5" fill="%s" stroke="%s"/>'
            % (x, y, width, height, self.color[kind], self.color[kind + "_edge"]))
        top = y + height / 2 - 8 * (len(lines) - 1) + 4
        for i, line in enumerate(lines):
            self.text(x + width / 2, top + 16 * i, line, "faint" if i else "ink", "middle",
                      mono=not i, size=11 if i else 12)

    def arrow(self, *points, dashed=False):
        self.parts.append(
            '<path d="M%s" fill="none" stroke="%s" stroke-width="1.4"%s marker-end="url(#head)"/>'
            % (" L".join("%d %d" % p for p in points), self.color["line"],
               ' stroke-dasharray="5 4"' if dashed else ""))

    def legend(self, x, y, driver, core):
        for kind, words, width in (("driver", driver, 34 + 7 * len(driver)), ("core", core, 0)):
            self.parts.append('<rect x="%d" y="%d" width="14" height="14" rx="3" fill="%s" '
                              'stroke="%s"/>' % (x, y - 11, self.color[kind],
                                                 self.color[kind + "_edge"]))
            self.text(x + 20, y, words, "faint", size=12)
            x += width

    def svg(self):
        return "\n".join(self.parts + ["</svg>", ""])


def eras(theme):
    """Who allocates and who frees, kernel by kernel."""
    p = Picture(theme, 900, 250, "Who allocates and who frees the structure, by kernel")
    columns = [("before 5.13", None), ("5.13 to 6.0", "old"), ("6.1", "6.1"),
               ("6.2 and later", "6.2")]
    rows = {"old": [("driver", "kzalloc(), or any other"), ("driver", "vfio_init_group_dev()"),
                    ("driver", "vfio_uninit_group_dev()"), ("driver", "kfree()")],
            "6.1": [("core", "vfio_alloc_device()"), ("core", "→ .init"),
                    ("core", "vfio_put_device() → .release"),
                    ("driver", "vfio_free_device()")],
            "6.2": [("core", "vfio_alloc_device()"), ("core", "→ .init"),
                    ("core", "vfio_put_device() → .release"), ("core", "core itself, after .release")]}
    for i, name in enumerate(("allocates", "prepares", "ends", "frees")):
        p.text(20, 81 + 40 * i, name, "faint")
    for i, (kernels, era) in enumerate(columns):
        x, width = (90, 145) if i == 0 else (243 + 220 * (i - 1), 214)
        p.text(x + width / 2, 36, kernels, anchor="middle", bold=True)
        if not era:
            p.box(x, 55, width, 152, "bad", ["vfio_add_group_dev", "an older interface,", "out of range here"])
            continue
        for j, (who, words) in enumerate(rows[era]):
            p.box(x, 60 + 40 * j, width, 32, who, [words])
    p.legend(243, 232, "the driver", "core")
    return p.svg()


def path(theme):
    """One device, from the allocation to the free."""
    p = Picture(theme, 900, 420, "The life of one vfio_device, in kernels of 6.1 and later")
    p.text(8, 34, "probe", "faint", bold=True)
    p.box(90, 14, 165, 40, "driver", ["vfio_alloc_device()"])
    p.box(330, 14, 190, 40, "driver", ["vfio_register_*_dev()"])
    p.box(600, 14, 130, 40, "driver", ["return 0"])
    p.arrow((255, 34), (328, 34))
    p.arrow((520, 34), (598, 34))
    p.box(90, 90, 165, 44, "core", [".init", "fails: no .release"])
    p.arrow((150, 54), (150, 88))
    p.arrow((195, 90), (195, 56))
    p.box(330, 90, 190, 44, "driver", ["vfio_put_device()", "the registration failed"])
    p.arrow((425, 54), (425, 88), dashed=True)

    p.text(8, 194, "in use", "faint", bold=True)
    p.box(330, 170, 190, 44, "core", [".open_device", "the first open"])
    p.box(540, 170, 190, 44, "core", [".read .ioctl .mmap …", "as often as user space likes"])
    p.box(750, 170, 130, 44, "core", [".close_device", "the last close"])
    p.arrow((665, 54), (665, 140), (425, 140), (425, 168))
    p.arrow((520, 192), (538, 192))
    p.arrow((730, 192), (748, 192))
    p.arrow((815, 170), (815, 152), (470, 152), (470, 168), dashed=True)

    p.text(8, 274, "remove", "faint", bold=True)
    p.box(90, 250, 250, 44, "driver", ["vfio_unregister_group_dev()", "waits for the last close"])
    p.box(400, 250, 190, 44, "driver", ["vfio_put_device()", "the driver's own reference"])
    p.arrow((815, 214), (815, 234), (215, 234), (215, 248))
    p.arrow((340, 272), (398, 272))

    p.text(8, 354, "the end", "faint", bold=True)
    p.box(90, 330, 250, 44, "core", [".release", "once, with the last reference"])
    p.box(400, 330, 190, 44, "driver", ["vfio_free_device()", "6.1: last in .release"])
    p.box(640, 330, 240, 44, "core", ["kvfree()", "6.2 and later: core, after .release"])
    p.arrow((495, 294), (495, 312), (215, 312), (215, 328))
    p.arrow((330, 112), (295, 112), (295, 152), (76, 152), (76, 352), (88, 352), dashed=True)
    p.arrow((340, 352), (398, 352))
    p.arrow((280, 374), (280, 392), (760, 392), (760, 376))
    p.legend(640, 272, "the driver calls", "core does")
    return p.svg()


def pairs(theme):
    """Which callback gives back what another one took."""
    p = Picture(theme, 900, 330, "Openers and closers: who gives back what was taken")
    levels = [("module_init", "module_exit", "", "", "driver"),
              ("probe", "remove", "a device comes", "it goes", "driver"),
              (".init", ".release", "the structure is made", "may be after remove", "core"),
              (".open_device", ".close_device", "the first open", "the last close", "core")]
    for i, (opener, closer, first, last, who) in enumerate(levels):
        x, y = 20 + 75 * i, 16 + 56 * i
        p.box(x, y, 160, 42, who, [opener] + [first] * bool(first))
        p.box(720 - 75 * i, y, 160, 42, who, [closer] + [last] * bool(last))
        p.arrow((x + 160, y + 21), (718 - 75 * i, y + 21))
    p.box(330, 248, 240, 44, "core", [".ioctl  .read  .write  .mmap", "what they leave, close gives back"])
    p.arrow((315, 226), (315, 270), (328, 270))
    p.arrow((570, 270), (585, 270), (585, 228))
    p.legend(20, 316, "called by a bus or the module loader", "called by core")
    p.text(600, 300, "An opener that fails undoes its own work:", "ink", size=12)
    p.text(600, 317, "its closer is not called.", "ink", size=12)
    return p.svg()


PICTURES = {"eras": eras, "path": path, "pairs": pairs}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    folder = os.path.join(os.path.dirname(__file__), "..", "docs", "images")
    stale = []
    for name, draw in PICTURES.items():
        for theme in THEMES:
            path_of = os.path.join(folder, "life-%s-%s.svg" % (name, theme))
            new = draw(theme)
            old = ""
            if os.path.exists(path_of):
                with open(path_of) as file:
                    old = file.read()
            if arguments.check and new != old:
                stale.append(os.path.basename(path_of))
            elif new != old:
                with open(path_of, "w") as file:
                    file.write(new)
    for name in stale:
        print("draw-lifecycle: docs/images/%s is stale: run scripts/draw-lifecycle.py" % name)
    sys.exit(1 if stale else 0)


if __name__ == "__main__":
    main()
