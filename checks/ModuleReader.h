//===- ModuleReader.h - The driver's other sources, for the checks --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where kbuild, who knows which sources are one module and how they are parsed,
// meets lifecycle, who asks for their trees. A tree is parsed once a process.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_MODULEREADER_H
#define VFIO_CHECKS_MODULEREADER_H

#include "kbuild/ModuleSources.h"
#include "kbuild/Parse.h"
#include "lifecycle/ProgramLink.h"
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace vfio::checks {

/// What a program decides of reading other sources.
struct ReadingPolicy {
  /// Read them at all.
  bool Wanted = true;
  /// Bring those who use what a source defines: off where these are sources of
  /// the run themselves.
  bool Users = true;
  /// So many sources are read for one.
  unsigned MaxSources = 16;
  /// Say what was not reported, and why.
  bool ExplainSilence = false;
  /// The tree of \p File that the program itself has, or makes; null where it
  /// does not know how: it is then compiled as the source is that asks.
  std::function<kbuild::ParsedTU *(llvm::StringRef File, std::string &Problem)>
      Tree;
};

/// The policy of this program, to be set before the first check runs.
ReadingPolicy &readingPolicy();

class ModuleReader : public ProgramSources {
public:
  /// \p PP has read the source that asks, \p File.
  ModuleReader(clang::Preprocessor &PP, std::string File);

  Answer naming(llvm::StringRef Name) override;
  bool wantsUsers() const override { return readingPolicy().Users; }

private:
  void look(llvm::ArrayRef<std::string> Files, llvm::StringRef Name,
            llvm::SmallVectorImpl<clang::ASTContext *> &To, Answer &A);
  kbuild::ParsedTU *parse(const std::string &File);

  clang::Preprocessor &PP;
  std::string File;
  kbuild::ModuleSources Around;
  /// Those that were parsed for this one; null for one that does not parse.
  std::map<std::string, std::shared_ptr<kbuild::ParsedTU>> Parsed;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_MODULEREADER_H
