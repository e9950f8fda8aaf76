# RUN: env PYTHONPATH=%S/Inputs %python %s %unit/output-driver %t
"""`-i` killed at 100 random moments: after the next run, in whatever mode, the
files of the driver are all old or all new, and nothing else is left."""
import os
import random
import signal
import sys
import time

from write_in_place import Driver

KILLS = 100


def kill_somewhere(driver, whole, aimed):
    process = driver.start("-i")
    if aimed:  # at the write itself
        while process.poll() is None and not driver.left_behind():
            pass
        time.sleep(random.uniform(0, whole * 0.6))
    else:
        time.sleep(random.uniform(0, whole))
    process.send_signal(signal.SIGKILL)
    process.communicate()


def judge_next_run(driver):
    """Which of the four possible ends it came to."""
    mode = random.choice(["--explain", "-i", "--report=%s/r.json" % driver.base])
    status, said = driver.run(mode)
    assert status == 0, said
    found = driver.ages()
    assert len(found) == 1, "old and new files side by side"
    assert not driver.left_behind(), "left: %s" % driver.left_behind()
    if "interrupted -i was undone" in said:
        assert mode == "-i" or found == {"old"}
        return "undone"
    if "interrupted -i was completed" in said:
        assert found == {"new"}
        return "completed"
    return found.pop()


def main():
    random.seed(os.environ.get("VFIO_KILL_SEED", "12"))
    driver = Driver(sys.argv[1], sys.argv[2], parts=4, lines=500)
    driver.lay_out()
    begun = time.monotonic()
    status, said = driver.run("-i")
    whole = time.monotonic() - begun
    assert status == 0 and driver.ages() == {"new"}, said
    assert not driver.left_behind(), "an undisturbed run leaves files"

    ends = {"old": 0, "new": 0, "undone": 0, "completed": 0}
    for n in range(KILLS):
        driver.lay_out()
        kill_somewhere(driver, whole, aimed=n % 2)
        ends[judge_next_run(driver)] += 1
    print("%d kills: %s; %.0f ms a run" % (KILLS, ends, whole * 1000))
    assert ends["undone"] + ends["completed"] >= KILLS // 10, "the kills missed the write"


main()
