//===- Checks.cpp - Our checks in clangd --------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd runs clang-tidy checks that are on, and that it knows to be fast. Ours
// are both, which these two functions tell it: on in those parses that somebody
// has paused for.
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-clangd/ClangdInternals.h"
#include "tools/vfio-clangd/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include <optional>

using namespace clang;
using namespace clang::clangd;
using namespace llvm;

std::optional<bool> realIsFastTidyCheck(StringRef Check) asm(VFIO_REAL_IS_FAST);
std::optional<bool> wrapIsFastTidyCheck(StringRef Check) asm(VFIO_WRAP_IS_FAST);
DefaultChecksProvider realDefaultChecks() asm(VFIO_REAL_DEFAULT_CHECKS);
DefaultChecksProvider wrapDefaultChecks() asm(VFIO_WRAP_DEFAULT_CHECKS);

std::optional<bool> wrapIsFastTidyCheck(StringRef Check) {
  return Check.starts_with("vfio-") ? true : realIsFastTidyCheck(Check);
}

/// Switches our checks on behind whatever the .clang-tidy and .clangd files say
/// of others; what they say of ours by name stays.
static void addOurChecks(tidy::ClangTidyOptions &Options) {
  std::string Others = Options.Checks.value_or(""), Ours = "vfio-*";
  SmallVector<StringRef> Globs;
  SplitString(Others, Globs, ",\n");
  for (StringRef Glob : Globs) {
    StringRef Name = Glob = Glob.trim();
    Name.consume_front("-");
    if (Name.starts_with("vfio"))
      Ours += "," + Glob.str();
  }
  Options.Checks = Others + (Others.empty() ? "" : ",") + Ours;
}

DefaultChecksProvider wrapDefaultChecks() {
  static const DefaultChecksProvider Real = realDefaultChecks();
  static const auto Both = [](tidy::ClangTidyOptions &Options, StringRef File) {
    Real(Options, File);
    if (vfio::clangd::Passes::postpone(File))
      Options.Checks = Options.Checks.value_or("") + ",-vfio-*";
    else
      addOurChecks(Options);
  };
  return Both;
}
