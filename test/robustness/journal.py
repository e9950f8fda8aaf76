# RUN: env PYTHONPATH=%S/Inputs %python %s %unit/output-driver %t
"""A journal that is damaged, hostile, not from here, or no longer fits leads to
one line and, with -i, status 1; nothing is changed by it. Without -i none does
anything."""
import hashlib
import json
import os
import sys

from write_in_place import Driver

driver = Driver(sys.argv[1], sys.argv[2], parts=1, lines=3)
TREE = driver.base + "/tree"
JOURNAL = TREE + "/.vfio-migrate.journal"


def hash_of(text):
    return hashlib.sha256(text.encode()).hexdigest()


def inode(path):
    return str(os.stat(path).st_ino) if os.path.exists(path) else "1"


def new_text(name):
    folder, base = os.path.split(os.path.join(TREE, name))
    return os.path.join(folder, ".%s.vfio-migrate-new" % base)


def journal(entries, committed=True, folder=None, **more):
    entries = [{"inode": inode(new_text(e["file"])) if committed else "", **e}
               for e in entries]
    with open(JOURNAL, "w") as file:
        json.dump({"vfio-migrate-journal": 2, "committed": committed,
                   "folder": folder or inode(TREE), "files": entries, **more}, file)


def entry(name):
    return {"file": name, "old": hash_of(driver.text(name, "old")),
            "new": hash_of(driver.text(name, "new"))}


def put_new_text(name, text=None):
    with open(new_text(name), "w") as file:
        file.write(driver.text(name, "new") if text is None else text)


def refused(*words):
    before = driver.everything()
    status, said = driver.run("--explain")
    assert status == 0 and driver.everything() == before, said
    status, said = driver.run("-i")
    assert status == 1 and driver.everything() == before, said
    lines = said.splitlines()
    assert len(lines) == 1 and lines[0].startswith("vfio-migrate: error: "), said
    for word in words:
        assert word in said, said


first = driver.files[0]

driver.lay_out()  # damaged
with open(JOURNAL, "w") as file:
    file.write("{ not json")
refused("not a journal", JOURNAL)
assert driver.ages() == {"old"}

for name in ("../plan.json", "/etc/hostname", "bus/../../plan.json", ""):
    driver.lay_out()  # hostile
    journal([dict(entry(first), file=name)])
    refused("not a journal")
    assert driver.ages() == {"old"}

driver.lay_out()  # a way out through a symbolic link
os.makedirs(driver.base + "/outside")
with open(driver.base + "/outside/x.c", "w") as file:
    file.write("old")
with open(driver.base + "/outside/.x.c.vfio-migrate-new", "w") as file:
    file.write("new")
os.symlink(driver.base + "/outside", TREE + "/way")
journal([{"file": "way/x.c", "old": hash_of("old"), "new": hash_of("new")}])
refused("way")
with open(driver.base + "/outside/x.c") as file:
    assert file.read() == "old"

for forged in ({"folder": "1"}, {"vfio-migrate-journal": 1}):
    driver.lay_out()  # one that came with the tree
    put_new_text(first)
    journal([entry(first)], **forged)
    refused("not a journal that vfio-migrate left in this folder", JOURNAL)
driver.lay_out()
put_new_text(first)
journal([dict(entry(first), inode="1")])
refused(first)

driver.lay_out()  # nested, endless, no file
with open(JOURNAL, "w") as file:
    file.write("[" * 100000)
refused("not a journal")
driver.lay_out()
os.mkfifo(JOURNAL)
status, said = driver.run("-i")
assert status == 1 and "not a regular file" in said, said
driver.lay_out()
with open(JOURNAL, "w") as file:
    file.truncate(20 << 30)
status, said = driver.run("-i")
assert status == 1 and "File too large" in said, said

driver.lay_out()  # a good one, of files that are not the given ones
put_new_text(first)
journal([entry(first)])
before = driver.everything()
status, said = driver.run("--end", "--scope=tree/core")
assert status == 0 and "is not ended; vfio-migrate -i " in said, said
assert driver.everything() == before

driver.lay_out()  # the user edited the file after the kill
put_new_text(first)
journal([entry(first)])
with open(os.path.join(TREE, first), "a") as file:
    file.write("/* mine */\n")
refused(first, "changed since vfio-migrate was interrupted", JOURNAL)
with open(os.path.join(TREE, first)) as file:
    assert file.read().endswith("/* mine */\n")

driver.lay_out()  # a new text that is not the one that was written
put_new_text(first, "something else")
journal([entry(first)])
refused(first)
assert driver.ages() == {"old"}

if os.geteuid() == 0:  # somebody else's
    driver.lay_out()
    put_new_text(first)
    journal([entry(first)])
    os.chown(JOURNAL, 12345, 12345)
    refused("another user", JOURNAL)
    assert driver.ages() == {"old"}

driver.lay_out()  # the good ones, found from a folder below and ended
for name in driver.files:
    put_new_text(name)
journal([entry(name) for name in driver.files])
status, said = driver.run("--end")
assert status == 0 and "3 files in" in said and "completed" in said, said
assert driver.ages() == {"new"} and not driver.left_behind()

driver.lay_out()
journal([entry(name) for name in driver.files], committed=False)
put_new_text(first, "half a t")
status, said = driver.run("--end")
assert status == 0 and "undone" in said, said
assert driver.ages() == {"old"} and not driver.left_behind()
