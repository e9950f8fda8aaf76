//===- KernelDoc.cpp - Parameters in a kernel-doc comment -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/render/KernelDoc.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace vfio::rewriter {

/// The lines of the kernel-doc comment that ends above \p Line, by offset;
/// empty where there is none.
static std::vector<unsigned> docLines(const EditSet &Edits, StringRef File,
                                      unsigned Line) {
  StringRef Text = Edits.original(File);
  std::vector<unsigned> Lines;
  while (Line > 0) {
    unsigned End = Line;
    Line = Edits.lineStart(File, Line - 1);
    StringRef This = Text.slice(Line, End).trim();
    if (Lines.empty() ? This != "*/" : This.ends_with("*/"))
      return {};
    Lines.insert(Lines.begin(), Line);
    if (This == "/**")
      return Lines;
    if (This.starts_with("/*"))
      return {};
  }
  return {};
}

/// "Return: ...".
static bool isSection(StringRef Says) {
  StringRef Word = Says.take_while(isAlpha);
  return !Word.empty() && Says.substr(Word.size()).starts_with(":");
}

void describeParameters(EditSet &Edits, StringRef File, unsigned At,
                        ArrayRef<DocLine> Lines) {
  StringRef Text = Edits.original(File);
  unsigned After = 0;
  std::string Prefix;
  bool InParameter = false;
  for (unsigned Line : docLines(Edits, File, Edits.lineStart(File, At))) {
    unsigned End = Edits.lineEnd(File, Line);
    StringRef Whole = Text.slice(Line, End), Says = Whole.trim();
    Says.consume_front("*");
    Says = Says.ltrim();
    if (Says.starts_with("@")) {
      InParameter = true;
      Prefix = Whole.take_front(Whole.find('@')).str();
    } else if (Says.empty() || Says.starts_with("/") || isSection(Says)) {
      InParameter = false; // what goes on below a parameter is about it, too
    }
    if (InParameter)
      After = End;
  }
  if (!After)
    return;
  std::string New;
  for (const DocLine &L : Lines)
    New += Prefix + "@" + L.Name + ": " + L.Text + "\n";
  Edits.insertLinesBefore(File, After, New);
}

} // namespace vfio::rewriter
