//===- SourceWords.h - Which sources name what ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A parse costs a thousand times what a look at the words of a source does:
// only those are parsed that can have what is looked for.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_SOURCEWORDS_H
#define VFIO_KBUILD_SOURCEWORDS_H

#include "llvm/ADT/CachedHashString.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Chrono.h"
#include <optional>
#include <string>
#include <vector>

namespace vfio::kbuild {

/// The words of sources, and where they stand.
class SourceWords {
public:
  /// Has the files that changed meanwhile read again when they are asked for.
  void refresh() { ++Time; }

  /// True where \p File has the identifier \p Name, or can have it through a
  /// macro of its own or of a header beside it.
  bool names(const std::string &File, llvm::StringRef Name);
  /// True where \p File can define \p Name: it has it outside of all braces,
  /// or can have it through a macro.
  bool mayDefine(const std::string &File, llvm::StringRef Name);

private:
  using WordSet = llvm::DenseSet<llvm::CachedHashStringRef>;
  /// What macros stand for, by name.
  using Bodies = llvm::DenseMap<llvm::CachedHashStringRef,
                                llvm::SmallVector<llvm::StringRef, 1>>;

  /// A file. Words are parts of its buffer.
  struct Text {
    std::string Buffer;
    llvm::sys::TimePoint<> Changed;
    uint64_t Size = 0;
    unsigned Looked = 0;  ///< when it was last asked whether it changed
    unsigned Version = 0; ///< how often it was read
    WordSet All;
    /// By line: what is defined, and what it stands for.
    std::vector<std::pair<llvm::CachedHashStringRef, llvm::StringRef>> Macros;
    std::vector<std::string> Headers; ///< those that it includes in quotes
  };

  /// Words, and those of a macro that pastes.
  struct Words {
    WordSet Whole, Parts;

    void expand(const Bodies &By);
    bool makeUp(llvm::StringRef Name, const WordSet &All) const;
  };

  /// What a source has, and what it has through macros.
  struct Made {
    unsigned Looked = 0;
    std::vector<std::pair<const Text *, unsigned>> From; ///< with the version
    /// Once somebody asks: all words, and those outside of all braces.
    std::optional<Words> Anywhere, AtTop;
  };

  Text &textOf(const std::string &File);
  Made &madeIn(const std::string &File);
  static void readMacros(Text &T);
  static void read(const std::string &File, Text &T);
  static Bodies macrosOf(const Made &M);
  static Words anywhere(const Made &M);
  static Words atTop(const Made &M);
  static bool have(const Words &Some, llvm::StringRef Name, const WordSet &All);
  std::vector<const Text *> withHeaders(const std::string &File);

  unsigned Time = 1;
  llvm::StringMap<Text> Texts;
  llvm::StringMap<Made> Sources;
};

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_SOURCEWORDS_H
