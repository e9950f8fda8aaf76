"""bell.c, a driver of the old model, as the tests change it and have it converted."""
import os
import shutil
import subprocess

with open(os.path.join(os.path.dirname(__file__), "cases", "bell.c")) as file:
    BELL = file.read()


def convert(program, folder, text):
    """What PROGRAM, vfio-migrate with its options, says of TEXT as the only file
    of FOLDER, and what it makes of it."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    path = os.path.join(folder, "bell.c")
    with open(path, "w") as file:
        file.write(text)
    done = subprocess.run(program + ["-i", "--target=6.1", folder],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with open(path) as file:
        return done, file.read()
