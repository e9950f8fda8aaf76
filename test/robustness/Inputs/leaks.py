# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each way in which a driver's tree can have our programs read a file that is
none of its own, and whether a word of that file comes out."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

BIN, KERNEL, SAMPLES = sys.argv[1:]
# Not in a folder of this project, which would be the tree.
BASE = os.path.realpath(tempfile.mkdtemp())
SECRET = BASE + "/elsewhere/secret"
WORD = "TOPSECRET"
# As a source, a Makefile, YAML, JSON and a response file would say it.
FORMS = ["root:$y$%s:20263:0:99999:7:::\n" % WORD,
         "#error %s\n" % WORD,
         "ccflags-y += -D%s=1 -include %s.h\n" % (WORD, WORD),
         "Checks: '%s'\n%s: 1\n" % (WORD, WORD),
         "[{\"directory\": \"/\", \"file\": \"%s\", \"command\": \"gcc -c %s.c\"}]\n" % (WORD, WORD),
         "--%s -include %s.h\n" % (WORD, WORD)]


def include(line):
    def way(tree, name):
        path = os.path.join(tree, name)
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(line % SECRET + "\n" + text)
    return way


def put(name, text):
    def way(tree, _):
        with open(os.path.join(tree, name), "w") as file:
            file.write(text % SECRET if "%s" in text else text)
    return way


def link(name):
    def way(tree, _):
        os.symlink(SECRET, os.path.join(tree, name))
    return way


def linked_folder(tree, name):
    os.symlink(os.path.dirname(SECRET), os.path.join(tree, "way"))
    include('#include "way/secret" /* %s */')(tree, name)


def database(flags):
    def way(tree, name):
        with open(os.path.join(tree, "compile_commands.json"), "w") as file:
            json.dump([{"directory": tree, "file": name,
                        "command": "gcc %s -c %s" % (flags % SECRET, name)}], file)
    return way


WAYS = {
    "#include": include('#include "%s"'),
    "#include <>": include("#include <%s>"),
    "#include between": include("int x =\n#include \"%s\"\n;"),
    "#embed": include("static const char x[] = {\n#embed \"%s\"\n};"),
    "#line": include('#line 1 "%s"\n#error here'),
    "a linked folder": linked_folder,
    "a linked header": lambda tree, name: (link("x.h")(tree, name),
                                           include('#include "x.h" /* %s */')(tree, name)),
    ".clang-tidy linked": link(".clang-tidy"),
    ".clangd linked": link(".clangd"),
    "Makefile linked": link("Makefile"),
    "compile_commands.json linked": link("compile_commands.json"),
    "include in a Makefile": put("Makefile", "obj-m := norelease.o pebble.o\ninclude %s\n"),
    "-include in a Makefile": put("Makefile", "obj-m := norelease.o pebble.o\nccflags-y += -include %s\n"),
    "--config in .clang-tidy": put(".clang-tidy", "ExtraArgs: ['--config=%s']\n"),
    "-include in .clang-tidy": put(".clang-tidy", "ExtraArgs: ['-include','%s']\n"),
    "@file in .clang-tidy": put(".clang-tidy", "ExtraArgs: ['@%s']\n"),
    "-include in .clangd": put(".clangd", "CompileFlags:\n  Add: ['-include','%s']\n"),
    "--config in .clangd": put(".clangd", "CompileFlags:\n  Add: ['--config=%s']\n"),
    "-include in a database": database("-include %s"),
    "-imacros in a database": database("-imacros %s"),
    "@file in a database": database("@%s"),
    "--config in a database": database("--config=%s"),
}


def forms_for(way):
    for mark, form in {"#": 0, "linked header": 0, "folder": 0, ".clang": 3,
                       "Makefile": 2, "json": 4, "@": 5, "--config": 5}.items():
        if mark in way:
            yield FORMS[form]
    if "#" in way or "-i" in way:
        yield FORMS[1]


def commands(tree, name, way):
    kernel = ["--kernel=" + KERNEL]
    use = ["-p", tree] if "compile_commands.json" in way or "database" in way else kernel
    report = os.path.join(BASE, "report.html")
    yield [BIN + "/vfio-tidy", *use, "--report=" + report, tree]
    yield [BIN + "/vfio-tidy", *use, os.path.join(tree, name)]
    yield [BIN + "/vfio-migrate", *use, "--report=" + report, tree]
    if ".clangd" in way or "database" in way or way == "#include":
        yield [BIN + "/vfio-clangd", *([] if "database" in way else kernel),
               "--check=" + os.path.join(tree, name)]


def main():
    os.makedirs(os.path.dirname(SECRET))
    runs = told = 0
    for number, (way, act) in enumerate(WAYS.items()):
        for sample in ("buggy/6.1/norelease", "legacy/pebble"):
            name = os.path.basename(sample) + ".c"
            for form in forms_for(way):
                with open(SECRET, "w") as file:
                    file.write(form)
                tree = BASE + "/tree"
                shutil.rmtree(tree, ignore_errors=True)
                os.makedirs(tree)
                shutil.copy(os.path.join(SAMPLES, sample, name), tree)
                act(tree, name)
                for command in commands(tree, name, way):
                    if ("migrate" in command[0]) != (sample == "legacy/pebble"):
                        continue
                    said = subprocess.run(command, stdout=subprocess.PIPE, timeout=120,
                                          stderr=subprocess.STDOUT).stdout
                    report = BASE + "/report.html"
                    if os.path.exists(report):
                        with open(report, "rb") as file:
                            said += file.read()
                        os.unlink(report)
                    runs += 1
                    if WORD.encode() in said:
                        told += 1
                        print("TOLD by %s: %s: %s" % (way, " ".join(command), form.strip()))
    print("told nothing in %d runs" % runs if not told else "told %d times" % told)


def named():
    """A header beside the driver's folder: no leak where the user names it, or where it
    is one of a folder include, which drivers share."""
    driver, header = BASE + "/named/driver", BASE + "/named/aside/named.h"
    os.makedirs(driver)
    os.makedirs(os.path.dirname(header))
    with open(header, "w") as file:
        file.write("#define NAMED 1\n")
    shutil.copy(os.path.join(SAMPLES, "buggy/6.1/norelease/norelease.c"), driver)
    include('#include "../aside/named.h" /* %s */')(driver, "norelease.c")
    shared = BASE + "/shared/driver"
    shutil.copytree(driver, shared)
    with open(shared + "/norelease.c") as file:
        text = file.read()
    with open(shared + "/norelease.c", "w") as file:
        file.write(text.replace("../aside/", "../include/"))
    shutil.copytree(os.path.dirname(header), BASE + "/shared/include")
    for title, args in (("beside the tree", [driver]),
                        ("named by a flag", ["--extra-arg=-I" + os.path.dirname(header), driver]),
                        ("its folder given", [BASE + "/named"]),
                        ("of a folder include", [shared])):
        said = subprocess.run([BIN + "/vfio-tidy", "--kernel=" + KERNEL, *args],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
        found = re.search(r"findings: (\d+)$", said, re.M)
        refused = re.search(r"it is outside of .*", said)
        print("%s: %s" % (title, refused[0] if refused else found[1] + " finding" if found else said))


try:
    main()
    named()
finally:
    shutil.rmtree(BASE)
