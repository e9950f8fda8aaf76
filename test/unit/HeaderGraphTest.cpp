//===- HeaderGraphTest.cpp - What a source reads first --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/HeaderGraph.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace vfio::kbuild;

namespace {

/// A kernel of a few headers, and a source of a driver on it.
class OpeningOf {
public:
  OpeningOf() : FS(new vfs::InMemoryFileSystem) {
    file("/k/linux/list.h", "#ifndef LIST_H\n#define LIST_H\n#endif\n");
    file("/k/linux/fs.h", "/* files */\n#ifndef FS_H\n#define FS_H\n"
                          "#include <linux/list.h>\n"
                          "#ifdef CONFIG_QUOTA\n#include <linux/quota.h>\n"
                          "#endif\nint open(void);\n#endif\n");
    file("/k/linux/quota.h", "int quota;\n");
    file("/k/linux/vfio.h", "#include <linux/fs.h>\n#include \"poll.h\"\n");
    file("/k/linux/poll.h", "#pragma once\n");
  }

  OpeningOf &file(StringRef Path, StringRef Text) {
    FS->addFile(Path, 0, MemoryBuffer::getMemBufferCopy(Text, Path));
    return *this;
  }

  /// The names after "reads:", then the headers read, sorted.
  std::string text(StringRef Source, bool PassesOwn = false) {
    file("/d/d.c", Source);
    HeaderGraph Graph({"/k"}, FS, PassesOwn);
    Opening Begin = Graph.openingOf("/d/d.c", {"/d/include"}, {});
    Defines = Begin.Defines;
    std::string Out = join(Begin.Named, " ") + " reads:";
    for (const char *Name : {"fs", "list", "poll", "quota", "vfio"})
      if (auto N = Graph.find("linux/" + std::string(Name) + ".h");
          N && Begin.Read.contains(*N))
        Out += std::string(" ") + Name;
    return Out;
  }

  std::string Defines;

private:
  IntrusiveRefCntPtr<vfs::InMemoryFileSystem> FS;
};

TEST(HeaderGraph, ReadsWhatHeadersIncludeWhateverIsConfigured) {
  EXPECT_EQ(OpeningOf().text("// a driver\n#include <linux/vfio.h>\n"),
            "linux/vfio.h reads: fs list poll vfio");
}

TEST(HeaderGraph, EndsAtTheFirstLineOfTheSourcesOwn) {
  EXPECT_EQ(OpeningOf().text("#include <linux/list.h>\nint x;\n"
                             "#include <linux/vfio.h>\n"),
            "linux/list.h reads: list");
  EXPECT_EQ(OpeningOf().text("#include <linux/list.h>\n#define DEBUG\n"
                             "#include <linux/vfio.h>\n"),
            "linux/list.h reads: list");
  EXPECT_EQ(OpeningOf().text("#include <linux/list.h>\n#if 1\n"
                             "#include <linux/vfio.h>\n#endif\n"),
            "linux/list.h reads: list");
}

TEST(HeaderGraph, MacrosInFrontOfTheHeadersBelongToThem) {
  OpeningOf Driver;
  EXPECT_EQ(Driver.text("#define pr_fmt(f) \\\n\tNAME f\n"
                        "#include <linux/list.h>\n"),
            "linux/list.h reads: list");
  EXPECT_EQ(Driver.Defines, "#define pr_fmt(f) \\\n\tNAME f\n");
}

TEST(HeaderGraph, GoesThroughTheDriversOwnHeaders) {
  std::string Own = "#ifndef OWN_H\n#define OWN_H\n#include <linux/fs.h>\n";
  std::string Source = "#include \"own.h\"\n#include <linux/vfio.h>\n";
  EXPECT_EQ(OpeningOf().file("/d/own.h", Own + "#endif\n").text(Source),
            "linux/fs.h linux/vfio.h reads: fs list poll vfio");
  EXPECT_EQ(OpeningOf()
                .file("/d/include/own.h", Own + "struct own;\n#endif\n")
                .text(Source),
            "linux/fs.h reads: fs list");
  EXPECT_EQ(OpeningOf()
                .file("/d/own.h", "#define DEBUG\n#include <linux/fs.h>")
                .text(Source),
            " reads:");
}

TEST(HeaderGraph, PassesWhatTheDriversOwnHeadersDeclare) {
  std::string Source = "#include \"own.h\"\n#include <linux/vfio.h>\n";
  auto Passing = [&](StringRef Own) {
    return OpeningOf().file("/d/own.h", Own).text(Source, /*PassesOwn=*/true);
  };
  std::string All = "linux/list.h linux/vfio.h reads: fs list poll vfio";
  EXPECT_EQ(Passing("#include <linux/list.h>\nstruct own {\n  int x;\n};\n"),
            All);
  // What the source itself declares ends it as before.
  EXPECT_EQ(OpeningOf().text("#include <linux/list.h>\nint x;\n"
                             "#include <linux/vfio.h>\n",
                             /*PassesOwn=*/true),
            "linux/list.h reads: list");
}

TEST(HeaderGraph, StopsWhereAHeaderIsNotFound) {
  EXPECT_EQ(OpeningOf().text("#include <linux/list.h>\n#include \"lost.h\"\n"
                             "#include <linux/vfio.h>\n"),
            "linux/list.h reads: list");
}

} // namespace
