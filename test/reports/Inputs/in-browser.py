# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Opens an HTML report in a headless Chromium, in a window of two widths, unticks each box of its filters and ticks it
again, and says what was to be seen. The page itself runs no script: this one is put around it.

  in-browser.py REPORT [--picture FILE WIDTH HEIGHT light|dark]   by hand: a picture of it
"""
import html
import json
import re
import subprocess
import sys
import tempfile

SCRIPT = """
const shown = (page, what) => [...page.querySelectorAll(what)].filter(e => e.offsetParent !== null).length;
const out = {};
const look = (frame) => {
  const page = frame.contentDocument, root = page.documentElement;
  const said = {fits: root.scrollWidth <= frame.clientWidth, findings: shown(page, "section[id^=finding-]"),
                lines: shown(page, ".list a"), wrong: []};
  const boxes = [...page.querySelectorAll(".filters input")];
  said.boxes = boxes.length;
  for (const more of page.querySelectorAll(".filters details")) more.open = true;
  for (const box of boxes) {
    const name = box.parentNode.textContent.trim();
    const mine = page.querySelectorAll("section." + box.id).length;
    const count = Number(box.parentNode.querySelector(".dim").textContent);
    box.parentNode.click();
    if (shown(page, "section." + box.id) || shown(page, ".list a." + box.id))
      said.wrong.push(name + ": is still there");
    if (mine !== count || shown(page, "section[id^=finding-]") !== said.findings - mine)
      said.wrong.push(name + ": others went too");
    box.parentNode.click();
    if (shown(page, "section[id^=finding-]") !== said.findings)
      said.wrong.push(name + ": did not come back");
  }
  out[frame.width] = said;
  document.getElementById("said").textContent = JSON.stringify(out);
};
"""


def chromium(page, *options):
    with tempfile.TemporaryDirectory() as home, tempfile.NamedTemporaryFile("w", suffix=".html") as file:
        file.write(page)
        file.flush()
        return subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + home, *options,
             "file://" + file.name],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=240, check=True).stdout


def frame(report, width, height, more=""):
    return '<iframe width=%d height=%d style="border:0" %s srcdoc="%s"></iframe>' % (
        width, height, more, html.escape(report))


with open(sys.argv[1]) as file:
    report = file.read()
if sys.argv[2:3] == ["--picture"]:
    picture, width, height, scheme = sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), sys.argv[6]
    if scheme == "dark":
        report = report.replace("(prefers-color-scheme: dark)", "all")
    chromium("<body style='margin:0'>" + frame(report, width, height), "--screenshot=" + picture,
             "--window-size=%d,%d" % (max(width, 500), height))
    sys.exit()
page = "<script>%s</script><pre id=said></pre>" % SCRIPT + "".join(
    frame(report, width, 900, 'onload="look(this)"') for width in (1280, 390))
said = re.search("<pre id=\"said\">(.*?)</pre>", chromium(page, "--dump-dom", "--virtual-time-budget=20000"), re.S)
for width, seen in json.loads(html.unescape(said.group(1))).items():
    print("%s: %d findings, %d lines, %d boxes, %s%s" % (
        width, seen["findings"], seen["lines"], seen["boxes"], "fits" if seen["fits"] else "is too wide",
        "".join("\n  wrong: " + text for text in seen["wrong"])))
