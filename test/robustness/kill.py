# RUN: env PYTHONPATH=%S/Inputs %python %s %unit/output-driver %t
"""`-i` killed at 200 random moments: after the next run with -i the files of the
driver are all old or all new, and nothing else is left; a run without -i before
it changed nothing."""
import os
import random
import signal
import sys
import time

from write_in_place import Driver

KILLS = 200
MORE = 400  # kills, at most, until enough have hit the write


def watch_write(driver):
    """Starts `-i`, and waits until the write can be seen or the run is over."""
    process = driver.start("-i")
    while process.poll() is None and not driver.left_behind():
        pass
    return process


def time_of_write(driver):
    """The shortest of some: a disk that was busy once must not have every kill
    come too late."""
    times = []
    for _ in range(5):
        driver.lay_out()
        process = watch_write(driver)
        begun = time.monotonic()
        process.communicate()
        assert process.returncode == 0
        times.append(time.monotonic() - begun)
    return min(times)


def kill_in_write(driver, write):
    process = watch_write(driver)
    time.sleep(random.uniform(0, write))
    kill(process)


def kill_anywhere(driver, whole):
    process = driver.start("-i")
    time.sleep(random.uniform(0, whole))
    kill(process)


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.communicate()


def judge_next_run(driver):
    """Which of the four possible ends it came to."""
    if random.random() < 0.2:
        before = driver.everything()
        status, said = driver.run("--explain")
        assert "interrupted -i was" not in said, said
        assert driver.everything() == before, "changed without -i: " + said
    mode = random.choice(["--end", "-i"])
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

    write = time_of_write(driver)
    ends = {"old": 0, "new": 0, "undone": 0, "completed": 0}
    kills = 0
    while kills < KILLS or (ends["undone"] + ends["completed"] < KILLS // 10 and
                            kills < KILLS + MORE):
        driver.lay_out()
        if kills % 2 or kills >= KILLS:
            kill_in_write(driver, write)
        else:
            kill_anywhere(driver, whole)
        ends[judge_next_run(driver)] += 1
        kills += 1
    print("%d kills: %s; %.0f ms a run, %.0f ms a write" %
          (kills, ends, whole * 1000, write * 1000))
    assert ends["undone"] + ends["completed"] >= KILLS // 10, "the kills missed the write"


main()
