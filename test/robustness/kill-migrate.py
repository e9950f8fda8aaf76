# REQUIRES: headers-6.1
# RUN: %clang -shared -fPIC -o %t.so %S/Inputs/kill-at.c -ldl
# RUN: %python %s %vfio-migrate %headers61 %samples/legacy/beacon %t %t.so
"""The program itself on a driver of several files: killed in the middle of
writing it, the next run ends the write first, and then sees one driver."""
import filecmp
import os
import shutil
import signal
import subprocess
import sys

program, headers, sample, base, preload = sys.argv[1:]
CALLS = (4, 14, 24, 26, 27, 28)


def run(*options, **environment):
    done = subprocess.run([program, "--kernel=" + headers, *options, base + "/tree"],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, env={**os.environ, **environment})
    return done.returncode, done.stderr


def lay_out():
    shutil.rmtree(base + "/tree", ignore_errors=True)
    shutil.copytree(sample, base + "/tree")


def same_as(folder):
    names = sorted(os.listdir(folder))
    return (sorted(os.listdir(base + "/tree")) == names and
            filecmp.cmpfiles(folder, base + "/tree", names, shallow=False)[0] == names)


shutil.rmtree(base, ignore_errors=True)
os.makedirs(base)
lay_out()
status, said = run("-i")
assert status == 0 and "1 converted" in said, said
os.rename(base + "/tree", base + "/migrated")

interrupted = 0
for call in CALLS:
    lay_out()
    status, said = run("-i", LD_PRELOAD=preload, KILL_AT=str(call),
                       ASAN_OPTIONS="verify_asan_link_order=0")
    assert status == -signal.SIGKILL, said
    before = sorted((name, os.stat(base + "/tree/" + name).st_mtime_ns)
                    for name in os.listdir(base + "/tree"))
    status, said = run()
    found = "an interrupted -i is not ended; vfio-migrate -i " in said
    assert before == sorted((name, os.stat(base + "/tree/" + name).st_mtime_ns)
                            for name in os.listdir(base + "/tree")), said
    status, said = run("-i")
    assert status == 0, said
    assert found == ("an interrupted -i was" in said), said
    interrupted += found
    assert same_as(base + "/migrated"), "call %d: mixed" % call
    assert " 0 converted" in said or "1 converted" in said, said
print("%d kills in the write" % interrupted)
assert interrupted >= len(CALLS) - 1  # the first is before the journal
