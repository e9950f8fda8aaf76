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

TEST(DevicesInText, NamesTheStructure) {
  EXPECT_EQ(devicesInText(Bell), Tags({"bell"}));
  EXPECT_EQ(devicesInText(Bell + Bell), Tags({"bell"}));
  EXPECT_EQ(devicesInText("/* vfio_alloc_device(gong, */\n" + Bell),
            Tags({"bell"}));
}

TEST(DevicesInText, HasNoNameForOthers) {
  EXPECT_EQ(devicesInText("int f(void)\n{\n\treturn vfio_init_device(&p->vdev, "
                          "dev, &ops);\n}\n"),
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
