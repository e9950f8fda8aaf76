//===- ModuleReader.h - The driver's other sources, for the checks --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where kbuild, who knows which sources are one module and how they are parsed,
// meets lifecycle, who asks for their trees. Trees are kept for the next
// source, or for the next edit of this one; one source at a time reads a tree.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_MODULEREADER_H
#define VFIO_CHECKS_MODULEREADER_H

#include "kbuild/ModuleSources.h"
#include "kbuild/Parse.h"
#include "kbuild/SourceWords.h"
#include "lifecycle/ProgramLink.h"
#include <chrono>
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
  /// After so much processor time no parse is begun for one; 0 is never.
  unsigned Milliseconds = 0;
  /// So many trees that nobody reads are kept.
  unsigned KeptTrees = 8;
  /// The tree of \p File, which \p Asker is linked with, that the program
  /// itself has, or makes; null where it does not know how: it is then compiled
  /// as the source is that asks.
  std::function<kbuild::ParsedTU *(llvm::StringRef Asker, llvm::StringRef File,
                                   std::string &Problem)>
      Tree;
  /// True where nobody waits for what this thread checks any more; may be null.
  bool (*Outdated)() = nullptr;
};

/// The policy of this program, to be set before the first check runs.
ReadingPolicy &readingPolicy();

class ModuleReader : public ProgramSources {
public:
  /// \p PP has read the source that asks, \p File.
  ModuleReader(clang::Preprocessor &PP, std::string File);
  ~ModuleReader() override;

  Answer naming(llvm::StringRef Name) override;
  Answer defining(llvm::StringRef Name) override;
  bool wantsUsers() const override { return readingPolicy().Users; }

private:
  using Question = llvm::function_ref<bool(const std::string &File)>;
  Answer ask(Question Has);
  void look(llvm::ArrayRef<std::string> Files, Question Has,
            llvm::SmallVectorImpl<clang::ASTContext *> &To, Answer &A);
  enum class Reading { Done, Failed, NoTime };
  /// What was made of a source for this one.
  struct Entry {
    Reading How = Reading::Failed;
    kbuild::ParsedTU *TU = nullptr;
  };
  const Entry &parse(const std::string &File);
  Entry parseAnew(const std::string &File);
  Entry borrow(std::shared_ptr<kbuild::ParsedTU> TU);
  bool isLate() const;

  clang::Preprocessor &PP;
  std::string File;
  kbuild::ModuleSources Around;
  std::map<std::string, Entry> Parsed;
  /// Of the cache, ours until the end.
  std::vector<std::shared_ptr<kbuild::ParsedTU>> Borrowed;
  /// The time that parsing took.
  std::chrono::nanoseconds Spent{};
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_MODULEREADER_H
