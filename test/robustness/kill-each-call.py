# RUN: %clang -shared -fPIC -o %t.so %S/Inputs/kill-at.c -ldl
# RUN: env PYTHONPATH=%S/Inputs %python %s %unit/output-driver %t %t.so
"""`-i` killed before each system call by which it changes something, and the
run that ends the interrupted write killed as well: the run after that leaves
all files old or all new. What a random kill hardly hits, this does."""
import random
import signal
import sys

from write_in_place import Driver


def main():
    random.seed("12")
    driver = Driver(sys.argv[1], sys.argv[2], parts=2, lines=20)
    killing = {"LD_PRELOAD": sys.argv[3],
               "ASAN_OPTIONS": "verify_asan_link_order=0"}
    ends = {"old": 0, "new": 0}
    mixed = 0
    call = 0
    while True:
        call += 1
        driver.lay_out()
        status, said = driver.run("-i", KILL_AT=str(call), **killing)
        if status == 0:
            break  # there are no more calls
        assert status == -signal.SIGKILL, said
        mixed += len(driver.ages()) == 2
        driver.run("--end", KILL_AT=str(random.randint(1, 12)), **killing)
        status, said = driver.run("--end")
        assert status == 0, said
        found = driver.ages()
        assert len(found) == 1, "call %d: old and new files side by side" % call
        assert not driver.left_behind(), "call %d: left %s" % (call, driver.left_behind())
        ends[found.pop()] += 1
    assert driver.ages() == {"new"}
    print("killed before each of %d calls: %s, mixed when killed: %d" % (call - 1, ends, mixed))
    assert mixed >= len(driver.files) - 1, "the kills missed the renames"


main()
