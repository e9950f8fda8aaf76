# REQUIRES: headers-6.1
# RUN: env PYTHONPATH=%S/Inputs %python %s %unit/output-driver %t %vfio-migrate %vfio-tidy %headers61 %samples
"""SIGINT and SIGTERM, until 50 of each have hit `-i` at random moments, and some in the other
modes: the status is 130 or 143, or the run was done; the files of a driver are all old
or all new without another run; no process and no temporary folder is left."""
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import psutil
from write_in_place import Driver

SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143}


def end(process, after, number, has_children):
    """Sends the signal, and returns the status, with no child left."""
    time.sleep(after)
    family = []
    try:
        if has_children: # to look for them takes longer than a write
            family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        pass
    process.send_signal(number)
    process.communicate(timeout=60)
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not alive, "left: %s" % alive
    return process.returncode


def in_place(driver):
    driver.lay_out()
    begun = time.monotonic()
    assert driver.run("-i")[0] == 0
    whole = time.monotonic() - begun
    ended = 0
    for number, status in SIGNALS.items():
        hits = tries = 0
        while hits < 50 and tries < 500:
            tries += 1
            driver.lay_out()
            # Not before main has begun: the default action would end it.
            found = end(driver.start("-i"), random.uniform(whole / 10, whole), number,
                        has_children=False)
            assert found in (0, status, -number), found
            hits += found == status
            assert len(driver.ages()) == 1, "old and new files side by side"
            assert not driver.left_behind(), driver.left_behind()
        print("-i, %s: %d of %d came in time" % (number.name, hits, tries))
        ended += hits
    return ended


def elsewhere(base, migrate, tidy, headers, samples):
    temporary = base + "/tmp"
    environment = {**os.environ, "TMPDIR": temporary}
    ended = 0
    for number, status in SIGNALS.items():
        for program, options in ((migrate, ["--patches=" + base + "/out"]),
                                 (migrate, ["--report=" + base + "/out.html"]),
                                 (tidy, ["--report=" + base + "/out.html"]), (tidy, [])):
            for after in (0.3, 0.6, 1.0):
                shutil.rmtree(temporary, ignore_errors=True)
                os.makedirs(temporary)
                process = subprocess.Popen(
                    [program, "--kernel=" + headers, *options, samples + "/legacy"],
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
                found = end(process, after, number, has_children=True)
                assert found in (0, 1, 2, status), found
                ended += found == status
                assert not os.listdir(temporary), os.listdir(temporary)
                left = [n for n in os.listdir(base) if n.startswith("out") and ".tmp" in n]
                assert not left, left
                if os.path.isdir(base + "/out"):
                    found = os.listdir(base + "/out")
                    assert any("cover-letter" in f or f.startswith("series") for f in found), found
                    shutil.rmtree(base + "/out")
    return ended


def main():
    random.seed("12")
    output_driver, base, migrate, tidy, headers, samples = sys.argv[1:]
    driver = Driver(output_driver, base + "/driver", parts=4, lines=500)
    assert in_place(driver) >= 50
    ended = elsewhere(base, migrate, tidy, headers, samples)
    print("other modes: %d of 24 signals came in time" % ended)
    assert ended >= 12


main()
