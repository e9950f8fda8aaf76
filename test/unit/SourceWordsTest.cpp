//===- SourceWordsTest.cpp - Which sources name what ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/SourceWords.h"
#include "kbuild/Paths.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace vfio::kbuild;

namespace {

/// A folder of sources.
class SourceWordsTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(sys::fs::createUniqueDirectory("words", Folder));
    Folder = StringRef(realPath(Folder));
  }
  void TearDown() override { sys::fs::remove_directories(Folder); }

  std::string write(StringRef Name, StringRef Text) {
    std::string Path = pathIn(Folder, Name);
    std::error_code EC;
    raw_fd_ostream(Path, EC) << Text;
    EXPECT_FALSE(EC);
    Words.refresh();
    return Path;
  }
  bool names(StringRef Text) {
    return Words.names(write("a.c", Text), "giraffe_open");
  }
  bool mayDefine(StringRef Text) {
    return Words.mayDefine(write("a.c", Text), "giraffe_open");
  }

  SmallString<128> Folder;
  SourceWords Words;
};

TEST_F(SourceWordsTest, CallsNameAndDoNotDefine) {
  StringRef Call = "int f(void)\n{\n\treturn giraffe_open(1);\n}\n";
  EXPECT_TRUE(names(Call));
  EXPECT_FALSE(mayDefine(Call));
  EXPECT_FALSE(names("int giraffe_opener(void);\n"));
}

TEST_F(SourceWordsTest, DefinitionsStandOutsideOfBraces) {
  EXPECT_TRUE(mayDefine("int g(void) { return '{'; }\n"
                        "int giraffe_open(int a)\n{\n\treturn a;\n}\n"));
  EXPECT_TRUE(mayDefine("struct s { int a; } giraffe_open = { 1 };\n"));
  EXPECT_FALSE(mayDefine("static struct ops o = { .open = giraffe_open };\n"));
  EXPECT_FALSE(mayDefine("// giraffe_open\n/* giraffe_open { */\n"
                         "char *s = \"giraffe_open\";\n"));
}

TEST_F(SourceWordsTest, EachBranchBeginsWhereTheConditionDoes) {
  StringRef Tail = "\treturn giraffe_open(b);\n}\n";
  EXPECT_FALSE(mayDefine(("#ifdef A\nint f(int b)\n{\n#else\n"
                          "int f(long b)\n{\n#endif\n" +
                          Tail)
                             .str()));
  EXPECT_FALSE(mayDefine(("#if A\nint f(int b) {\n#elif B\nint f(char b) {\n"
                          "#else\nint f(long b) {\n#endif\n" +
                          Tail)
                             .str()));
}

TEST_F(SourceWordsTest, NobodyKnowsWhereBracesDoNotAddUp) {
  EXPECT_TRUE(mayDefine("int f(void)\n{\n#ifdef A\n\tif (a) {\n#endif\n"
                        "\tgiraffe_open();\n\t}\n}\n"));
  EXPECT_TRUE(mayDefine("}\nint f(void) { giraffe_open(); }\n"));
  EXPECT_TRUE(mayDefine("BEGIN_F {\nint f(void) { giraffe_open(); }\n"));
  EXPECT_TRUE(mayDefine("#endif\nint f(void) { giraffe_open(); }\n"));
}

TEST_F(SourceWordsTest, MacrosMakeNames) {
  // Whole, through another macro, and pasted.
  EXPECT_TRUE(mayDefine("#define ANIMAL int giraffe_open(void)\n"
                        "ANIMAL { return 0; }\n"));
  EXPECT_TRUE(mayDefine("#define NAME giraffe_open\n#define F int NAME(void)\n"
                        "F { return 0; }\n"));
  EXPECT_TRUE(mayDefine("#define OPEN(n) int n##_open(void)\n"
                        "OPEN(giraffe) { return 0; }\n"));
  // Used inside of braces only, or without the rest of the name.
  EXPECT_FALSE(mayDefine("#define CALL giraffe_open()\n"
                         "int f(void) { return CALL; }\n"));
  EXPECT_FALSE(mayDefine("#define OPEN(n) int n##_open(void)\n"
                         "OPEN(zebra) { return 0; }\n"));
  EXPECT_TRUE(names("#define OPEN(n) n##_open()\n"
                    "int f(void) { return OPEN(giraffe); }\n"));
}

TEST_F(SourceWordsTest, HeadersBesideAreReadAgainWhereTheyChanged) {
  write("a.h", "#define OPEN(n) int n##_close(void)\n");
  std::string Source =
      write("a.c", "#include \"a.h\"\nOPEN(giraffe) { return 0; }\n");
  EXPECT_FALSE(Words.mayDefine(Source, "giraffe_open"));
  write("a.h", "#define OPEN(n) int n##_open(void) /* longer */\n");
  EXPECT_TRUE(Words.mayDefine(Source, "giraffe_open"));
  sys::fs::remove(Source);
  Words.refresh();
  EXPECT_FALSE(Words.mayDefine(Source, "giraffe_open"));
}

} // namespace
