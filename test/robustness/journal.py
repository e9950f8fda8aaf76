# RUN: env PYTHONPATH=%S/Inputs %python %s %unit/output-driver %t
"""A journal that is damaged, hostile, or no longer fits leads to one line and
status 1; nothing is changed by it."""
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


def journal(entries, committed=True):
    with open(JOURNAL, "w") as file:
        json.dump({"vfio-migrate-journal": 1, "committed": committed,
                   "files": entries}, file)


def entry(name):
    return {"file": name, "old": hash_of(driver.text(name, "old")),
            "new": hash_of(driver.text(name, "new"))}


def put_new_text(name, text=None):
    folder, base = os.path.split(os.path.join(TREE, name))
    with open(os.path.join(folder, ".%s.vfio-migrate-new" % base), "w") as file:
        file.write(driver.text(name, "new") if text is None else text)


def refused(*words):
    status, said = driver.run("--explain")
    assert status == 1, said
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

driver.lay_out()  # the user edited the file after the kill
journal([entry(first)])
put_new_text(first)
with open(os.path.join(TREE, first), "a") as file:
    file.write("/* mine */\n")
refused(first, "changed since vfio-migrate was interrupted", JOURNAL)
with open(os.path.join(TREE, first)) as file:
    assert file.read().endswith("/* mine */\n")

driver.lay_out()  # a new text that is not the one that was written
journal([entry(first)])
put_new_text(first, "something else")
refused(first)
assert driver.ages() == {"old"}

if os.geteuid() == 0:  # somebody else's
    driver.lay_out()
    journal([entry(first)])
    put_new_text(first)
    os.chown(JOURNAL, 12345, 12345)
    refused("another user", JOURNAL)
    assert driver.ages() == {"old"}

driver.lay_out()  # the good ones, found from a folder below and ended
journal([entry(name) for name in driver.files])
for name in driver.files:
    put_new_text(name)
status, said = driver.run("--explain")
assert status == 0 and "3 files in" in said and "completed" in said, said
assert driver.ages() == {"new"} and not driver.left_behind()

driver.lay_out()
journal([entry(name) for name in driver.files], committed=False)
put_new_text(first, "half a t")
status, said = driver.run("--explain")
assert status == 0 and "undone" in said, said
assert driver.ages() == {"old"} and not driver.left_behind()
