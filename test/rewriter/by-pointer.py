# REQUIRES: headers-6.1
# RUN: %python %s %vfio-migrate %headers61 %src %t
"""A structure that is given to a function by a pointer: converted where all that
can be stored there is in the driver and leaves the device alone, refused by what
is not known elsewhere."""
import os
import sys

migrate, kernel, source, work = sys.argv[1:]
sys.path.insert(0, source + "/test/rewriter/Inputs")
from bell import BELL, convert

CAST = """struct bell;
struct bell_cast {
	int (*tune)(struct bell *b);
	void (*still)(struct bell *b);
};

struct bell {
	const struct bell_cast *cast;
"""
CASTS = """static int bell_tune_low(struct bell *b)
{
	b->pitch = 220;
	return 0;
}

static int bell_tune_high(struct bell *b)
{
	b->pitch = 880;
	return 0;
}

static void bell_still(struct bell *b)
{
%s}

static const struct bell_cast bell_casts[] = {
	{ .tune = bell_tune_low },
	{ .tune = bell_tune_high, .still = bell_still },
};

static int bell_probe"""
TUNED = "\tdev_info(&mdev->dev, \"a bell\\n\");\n"
TUNE = """	b->cast = &bell_casts[1];
	ret = b->cast->tune(b);
	if (ret)
		goto err_free;
"""
REMOVED = "\tvfio_unregister_group_dev(&b->vdev);\n"
STILLED = REMOVED + "\tif (b->cast->still)\n\t\tb->cast->still(b);\n"


def driver(still="\tb->pitch = 0;\n", more=()):
    edits = [("struct bell {\n\tstruct vfio_device vdev;\n", CAST.replace("struct bell {\n", "struct bell {\n\tstruct vfio_device vdev;\n")),
             ("static int bell_probe", CASTS % still), (TUNED, TUNE), (REMOVED, STILLED)] + list(more)
    text = BELL
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def run(name, text):
    return convert([migrate, "--kernel=" + kernel], os.path.join(work, name), text)


done, text = run("known", driver())
assert done.returncode == 0 and "uninit_group_dev" not in text, done.stdout
assert text.count("vfio_put_device(&b->vdev);") == 2, text

REFUSED = {
    # One of the functions ends the structure: no path shows which.
    "ends": (driver("\tkfree(b);\n", [("\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n}\n", "\tvfio_uninit_group_dev(&b->vdev);\n}\n")]),
             "the structure is given to 'b->cast->still', a function pointer"),
    # Anybody may store what they like.
    "stored": (driver(more=[("static const struct bell_cast bell_casts", "static struct bell_cast bell_casts"),
                            ("static int bell_probe", "void bell_recast(void (*still)(struct bell *b));\nvoid bell_recast(void (*still)(struct bell *b))\n{\n"
                             "\tbell_casts[1].still = still;\n}\n\nstatic int bell_probe")]),
               "the structure is given to 'b->cast->still', a function pointer"),
    # The other member is known, and that does not help.
    "other-member": (driver(more=[("static const struct bell_cast bell_casts", "static struct bell_cast bell_casts"),
                           ("static int bell_probe", "void bell_recast(int (*tune)(struct bell *b));\nvoid bell_recast(int (*tune)(struct bell *b))\n{\n"
                            "\tbell_casts[1].tune = tune;\n}\n\nstatic int bell_probe")]),
              "the structure is given to 'b->cast->tune', a function pointer"),
    # One comes from a file that was not read.
    "foreign": (driver(more=[("static int bell_probe", "const struct bell_cast *bell_cast_of(struct device *dev);\n\nstatic int bell_probe"),
                             ("b->cast = &bell_casts[1];", "b->cast = bell_cast_of(&mdev->dev);")]),
                "the structure is given to 'b->cast->tune', a function pointer"),
    # Another module brings its own.
    "offered": (driver(more=[("static int bell_probe", "void bell_offer(struct bell *b, const struct bell_cast *cast);\nvoid bell_offer(struct bell *b, const struct bell_cast *cast)\n"
                              "{\n\tb->cast = cast;\n}\n\nstatic int bell_probe")]),
                "the structure is given to 'b->cast->tune', a function pointer"),
    "variable": (BELL.replace("\tint ret;\n", "\tint (*add)(struct vfio_device *vdev) = vfio_register_emulated_iommu_dev;\n\tint ret;\n")
                 .replace("ret = vfio_register_emulated_iommu_dev(", "ret = add("),
                 "the structure is given to 'add', a function pointer"),
}
for name, (text, words) in REFUSED.items():
    done, after = run(name, text)
    assert done.returncode == 2 and after == text, (name, done.stdout)
    assert "refused: escaping-pointer:" in done.stdout and words in done.stdout, (name, done.stdout)
    assert "give vfio-migrate all files" not in done.stdout, (name, done.stdout)
