# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drivers in files of names that nobody should print as they are."""
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse

BIN, KERNEL, SAMPLES, BASE = sys.argv[1:]
NAMES = [b"esc\x1b[31m.c", b"title\x1b]0;title\x07.c", b"c1\xc2\x9b31m.c", b"latin\xe9.c",
         b"bidi\xe2\x80\xaecod.c",
         b"x\nvfio-tidy: analysed 9, skipped 0, failed 0; findings: 0\n.c"]


def lay_out(name, sample):
    tree = os.path.join(BASE, name)
    os.makedirs(tree)
    with open(os.path.join(SAMPLES, sample), "rb") as file:
        text = file.read()
    for number, odd in enumerate(NAMES):
        # In a folder each: a name may not stand for two files of one driver.
        folder = os.path.join(tree, str(number)).encode()
        os.makedirs(folder)
        with open(os.path.join(folder, odd), "wb") as file:
            file.write(text)
    return tree


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.stdout, done.stderr


def judge(said):
    odd = re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", said)
    assert not odd, said[max(0, odd.start() - 60):odd.end() + 20]
    text = said.decode()  # which fails where it is no UTF-8
    assert not re.search("[\x80-\x9f\u202a-\u202e\u2066-\u2069]", text), text
    assert not re.search("^vfio-tidy: analysed 9", text, re.M), text
    return text


def main():
    tree = lay_out("buggy", "buggy/6.1/norelease/norelease.c")
    out, err = run(BIN + "/vfio-tidy", "--kernel=" + KERNEL, "--report=%s/r.sarif" % BASE, tree)
    text = judge(out + err)
    assert "analysed 6, skipped 0, failed 0; findings: 6" in text, text
    print("vfio-tidy: 6 sources, %d findings, plain" %
          len(re.findall(r"warning: .*\[vfio-missing-release\]", text)))

    old = lay_out("old", "legacy/pebble/pebble.c")
    _, err = run(BIN + "/vfio-migrate", "--kernel=" + KERNEL, old)
    text = judge(err)
    print("vfio-migrate: %d drivers, plain" % len(re.findall("^  converted ", text, re.M)))

    with open(old + "/.vfio-migrate.journal", "w") as file:
        json.dump({"vfio-migrate-journal": 2, "committed": True,
                   "files": [{"file": "a\x1b[31mb", "old": "x", "new": "y"}]}, file)
    _, err = run(BIN + "/vfio-migrate", "--kernel=" + KERNEL, old)
    judge(err)
    print("a journal, plain")

    strange = os.path.join(BASE, "strange")
    shutil.copytree(os.path.join(SAMPLES, "legacy/pebble"), strange)
    with open(strange + "/pebble.c", "ab") as file:
        file.write(b'#line 7 "\x1b[31mred.c"\n#error \x1b[32mgreen\nint x = "\x1b[33m" + y;\n')
    for program in ("vfio-tidy", "vfio-migrate"):
        out, err = run(BIN + "/" + program, "--kernel=" + KERNEL, strange)
        judge(err)
    print("#line and #error, plain")

    with open(BASE + "/r.sarif") as file:
        log = json.load(file)["runs"][0]
    root = urllib.parse.unquote_to_bytes(log["originalUriBaseIds"]["SRCROOT"]["uri"][7:])
    addresses = set()
    for result in log["results"]:
        for location in result["locations"]:
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            path = urllib.parse.unquote_to_bytes(uri.removeprefix("file://"))
            assert os.path.isfile(path if uri != uri.removeprefix("file://") else root + path), uri
            addresses.add(uri)
    print("SARIF: %d addresses, each a file" % len(addresses))


main()
