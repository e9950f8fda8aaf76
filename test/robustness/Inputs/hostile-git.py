# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A repository in which each thing that can name a program does, and what our
programs make of it."""
import os
import re
import shutil
import subprocess
import sys

BIN, KERNEL, SAMPLES, BASE = sys.argv[1:]
RAN = BASE + "/ran"


def program(name):
    path = os.path.join(BASE, "program-" + name)
    with open(path, "w") as file:
        file.write("#!/bin/sh\ntouch %s/%s\ncat 2>/dev/null\nexit 1\n" % (RAN, name))
    os.chmod(path, 0o755)
    return path


def git(tree, *args):
    subprocess.run(["git", "-C", tree, "-c", "user.name=a", "-c", "user.email=a@b", *args],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def lay_out(name, sample, file):
    """A tree of two commits and a change, before it turns hostile."""
    tree = os.path.join(BASE, name)
    shutil.copytree(os.path.join(SAMPLES, sample), tree)
    git(tree, "init", "-q")
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "vfio/one: one")
    for words in ("/* more */\n", "/* and more */\n"):
        with open(os.path.join(tree, file), "a") as text:
            text.write(words)
        if "and" not in words:
            git(tree, "commit", "-qam", "vfio/one: two")
    return tree


def arm(tree):
    settings = {
        "core.fsmonitor": "fsmonitor", "diff.external": "external",
        "diff.x.command": "command", "diff.x.textconv": "textconv",
        "filter.x.clean": "clean", "filter.x.smudge": "smudge", "filter.x.process": "process",
        "core.sshCommand": "ssh", "core.pager": "pager", "core.editor": "editor",
        "core.askPass": "askpass", "core.alternateRefsCommand": "alternate",
        "gpg.program": "gpg", "credential.helper": "credential", "core.gitProxy": "proxy"}
    for key, what in settings.items():
        git(tree, "config", key, program(what))
    for key, value in {"core.repositoryformatversion": "1",
                       "extensions.partialClone": "origin", "remote.origin.url": "ssh://x/y",
                       "remote.origin.promisor": "true", "commit.gpgSign": "true",
                       "log.showSignature": "true"}.items():
        git(tree, "config", key, value)
    with open(tree + "/included", "w") as file:
        file.write("[core]\n\tfsmonitor = %s\n" % program("included"))
    git(tree, "config", "include.path", tree + "/included")
    os.makedirs(tree + "/.git/info", exist_ok=True)
    for attributes in ("/.gitattributes", "/.git/info/attributes"):
        with open(tree + attributes, "w") as file:
            file.write("*.c filter=x diff=x\n*.h filter=x diff=x\n")
    hooks = os.path.join(tree, ".git/hooks")
    os.makedirs(hooks, exist_ok=True)
    for hook in ("post-index-change", "pre-commit", "post-checkout", "commit-msg",
                 "prepare-commit-msg", "post-commit", "reference-transaction"):
        shutil.copy(program("hook-" + hook), os.path.join(hooks, hook))


def everything(tree):
    found = {}
    for folder, _, names in os.walk(tree):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                found[path] = file.read()
    return found


def report(title, tree, command, judge):
    shutil.rmtree(RAN, ignore_errors=True)
    os.makedirs(RAN)
    before = everything(tree)
    done = subprocess.run(command + [tree], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace")
    ran = sorted(os.listdir(RAN))
    written = [path for path, text in everything(tree).items() if before.get(path) != text]
    print("%s: %s, %s, %s" % (title, judge(done.stdout),
                              "nothing ran" if not ran else "RAN " + str(ran),
                              "nothing written" if not written else "WRITTEN " + str(written)))


def findings(said):
    found = re.search(r"findings: (\d+)$", said, re.M)
    return (found.group(1) + " finding") if found else said


def drop_tree(tree):
    """Takes the tree object of the first commit away, as a partial clone has it."""
    name = subprocess.run(["git", "-C", tree, "rev-parse", "HEAD~1^{tree}"], check=True,
                          stdout=subprocess.PIPE, text=True).stdout.strip()
    os.unlink(os.path.join(tree, ".git/objects", name[:2], name[2:]))


DIFF = [BIN + "/vfio-tidy", "--kernel=" + KERNEL, "--diff=HEAD"]
PATCHES = [BIN + "/vfio-migrate", "--kernel=" + KERNEL]


def main():
    with_diff = lay_out("diff", "buggy/6.1/norelease", "norelease.c")
    with open(with_diff + "/norelease.c") as file:
        text = file.read()
    # The change must touch the finding.
    with open(with_diff + "/norelease.c", "w") as file:
        file.write(re.sub(r"([^\\])\n", r"\1 \n", text))
    git(with_diff, "worktree", "add", "-q", BASE + "/linked")
    shutil.copy(with_diff + "/norelease.c", BASE + "/linked/norelease.c")
    arm(with_diff)
    report("diff", with_diff, DIFF, findings)
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "12345", with_diff], check=True)
    report("diff by another user", with_diff, DIFF, findings)
    report("diff in a linked work tree", BASE + "/linked", DIFF, findings)
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "0", with_diff], check=True)
    git(with_diff, "config", "core.fsmonitor", "false")
    drop_tree(with_diff)
    report("diff without the objects", with_diff, DIFF[:-1] + ["--diff=HEAD~1"],
           lambda said: "git's error" if "git says: " in said else said)

    old = lay_out("old", "legacy/pebble", "pebble.c")
    arm(old)
    def written(folder):
        return lambda said: "written" if os.path.isdir(folder) and len(os.listdir(folder)) == 2 else said
    report("patches", old, PATCHES + ["--patches=%s.out" % old], written(old + ".out"))
    git(old, "config", "core.fsmonitor", "false")
    drop_tree(old)
    report("patches without the objects", old, PATCHES + ["--patches=%s.more" % old],
           written(old + ".more"))

    inside = lay_out("inside", "legacy/pebble", "pebble.c")
    with open(inside + "/pebble.c") as file:
        text = file.read()
    begin = text.index("static const struct vfio_device_ops pebble_ops")
    end = text.index("};", begin) + 3
    with open(inside + "/.git/hooks/pre-commit", "w") as file:
        file.write("//usr/bin/touch %s/pre-commit; exit 0\n%s" % (RAN, text[begin:end]))
    os.chmod(inside + "/.git/hooks/pre-commit", 0o755)
    with open(inside + "/pebble.c", "w") as file:
        file.write(text[:begin] + '#include ".git/hooks/pre-commit"\n' + text[end:])
    report("patches of a file in .git", inside, PATCHES + ["--patches=%s.out" % inside],
           lambda said: "refused" if "refused: outside-given-paths" in said else said)


main()
