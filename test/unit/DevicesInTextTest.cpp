//===- DevicesInTextTest.cpp - The devices that a text prepares -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/DevicesInText.h"
#include "gtest/gtest.h"

using vfio::rewriter::devicesInText;
using Tags = std::vector<std::string>;

static const std::string Bell =
    "static int bell_probe(struct mdev_device *mdev)\n{\n"
    "\tstruct bell *b;\n\n"
    "\tb = vfio_alloc_device(bell, vdev, &mdev->dev, &bell_ops);\n}\n";

// What shows that the model is new in its other parts as well.
static const std::string Table =
    "static const struct vfio_device_ops bell_ops = {\n"
    "\t.name = \"bell\",\n\t.release = bell_release,\n};\n";
static const std::string End =
    "static void bell_remove(struct bell *b)\n{\n"
    "\tvfio_put_device(&b->vdev);\n}\n";

TEST(DevicesInText, NamesTheStructure) {
  EXPECT_EQ(devicesInText(Table + Bell + End), Tags({"bell"}));
  EXPECT_EQ(devicesInText(Table + Bell + Bell + End), Tags({"bell"}));
  EXPECT_EQ(devicesInText("/* vfio_alloc_device(gong, */\n" + Table + Bell + End),
            Tags({"bell"}));
}

TEST(DevicesInText, HasNoNameForOthers) {
  EXPECT_EQ(devicesInText(Table + "int f(void)\n{\n\treturn "
                                  "vfio_init_device(&p->vdev, dev, &ops);\n}\n" +
                          End),
            Tags({""}));
}

TEST(DevicesInText, LeavesCoreAlone) {
  // What core declares and defines is no driver's device.
  EXPECT_EQ(devicesInText("int vfio_init_device(struct vfio_device *v);\n"
                          "struct vfio_device *_vfio_alloc_device(size_t n)\n"
                          "{\n\tvfio_init_device(v);\n}\n"),
            Tags());
}

TEST(DevicesInText, DoesNotGuess) {
  // Behind a macro, by a pointer, or where the braces do not match.
  EXPECT_FALSE(
      devicesInText("#define NEW(t) \\\n\tvfio_alloc_device(t, vdev, d, "
                    "o)\n"));
  EXPECT_FALSE(devicesInText("void f(void)\n{\n\tp = vfio_init_device;\n}\n"));
  EXPECT_FALSE(devicesInText(
      "#ifdef A\nint f(int a) {\n#else\nint f(void) {\n#endif\n}\n" + Bell));
  EXPECT_FALSE(devicesInText("}\n" + Bell));
}

TEST(DevicesInText, DoesNotTellOfHalfAModel) {
  EXPECT_EQ(devicesInText(Table + Bell), std::nullopt);
  EXPECT_EQ(devicesInText(Bell + End), std::nullopt);
  EXPECT_EQ(devicesInText("struct vfio_device_ops bell_ops = { .open = o };\n" +
                          Bell + End),
            std::nullopt);
  EXPECT_EQ(devicesInText(Table + Bell + End +
                          "void f(struct bell *b)\n{\n\tkfree(b);\n}\n"),
            std::nullopt);
}
