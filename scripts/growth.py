# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drivers of a shape, as large as one likes, for bench.py growth."""
HEAD = """#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>
struct st { struct vfio_device vdev; int n; };
extern int f(int);
extern struct vfio_device *other(int);
static void st_release(struct vfio_device *v) { vfio_free_device(v); }
static const struct vfio_device_ops ops = { .name = "x", .release = st_release };
"""
PROBE = """int probe%s(struct device *dev, int c)
{
	struct st *s;
	int ret;

	s = vfio_alloc_device(st, vdev, dev, &ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
"""
END = """	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret)
		goto err;
	return 0;
err:
	%s;
	return ret;
}
"""


def lines(count, text):
    return "".join(text.format(i=i) for i in range(count))


def body(shape, count):
    """The statements of `count` parts that probe has in it."""
    if shape == "ternary":
        return "\ts->n = " + lines(count, "c == {i} ? {i} : ") + "0;\n"
    if shape == "comma":
        return "\ts->n = (" + ", ".join("f(%d)" % i for i in range(count)) + ");\n"
    if shape == "ifs":
        return lines(count, "\tif (f({i})) s->n = {i};\n")
    if shape == "checks":
        return lines(count, "\tret = f({i});\n\tif (ret)\n\t\tgoto err;\n")
    if shape == "gotos":
        return (lines(count, "\tif (f({i})) goto l{i};\n") +
                lines(count, "l{i}: s->n++;\n"))
    if shape == "pointers":
        return (lines(count, "\tstruct vfio_device *p{i} = NULL;\n") +
                lines(count, "\tif (f({i})) p{i} = other({i});\n") +
                lines(count, "\tif (p{i}) vfio_put_device(p{i});\n"))
    if shape == "ladder":
        return "\tif (c == 0) s->n = 0;\n" + lines(
            count, "\telse if (c == 1 + {i}) s->n = {i};\n")
    return "\tswitch (c) {\n" + lines(
        count, "\tcase {i}: s->n += {i}; break;\n") + "\t}\n"


# The smallest size of each, and what one of its parts is called.
SHAPES = {
    "ternary": (625, "arms of ?:"),
    "comma": (625, "calls with commas between them"),
    "ifs": (500, "ifs"),
    "checks": (500, "calls that are checked"),
    "gotos": (250, "gotos"),
    "pointers": (100, "pointers"),
    "ladder": (250, "else ifs"),
    "switch": (625, "cases"),
    "findings": (25, "functions with a finding each"),
}


def driver(shape, count):
    """The text of a driver."""
    if shape == "findings":
        return HEAD + "".join(PROBE % i + END % "kfree(s)" for i in range(count))
    return (HEAD + PROBE % "" + body(shape, count) +
            END % "vfio_put_device(&s->vdev)")
